package io.tidegate.adapter.ticks;

import io.tidegate.adapter.ticks.TickLine.Malformed;

/** What the lines of a kind of tick file hold. An instance parses one file. */
interface TickFormat {

  /** Makes the parser of a new file. */
  @FunctionalInterface
  interface Factory {
    TickFormat start();
  }

  /** Whether the first line of a file is its header; refuses a header of other columns. */
  boolean isHeader(TickLine line) throws Malformed;

  /** Parses a line into the tick. */
  void parse(TickLine line, Tick tick) throws Malformed;

  /** One tick; refilled for each line. */
  final class Tick {
    long tsMicros;
    long aggTradeId;
    long priceRaw;
    long quantityRaw;
    long firstTradeId;
    long lastTradeId;
    boolean buyerMaker;
  }
}
