package io.tidegate.adapter.clickhouse;

import com.sun.jna.NativeLibrary;
import com.sun.jna.StringArray;

/**
 * One server of a test's cluster: the engine library in a process of its own with both ports open.
 * It ends when its standard input does, so a test that dies leaves none behind.
 */
final class ClusterNode {
  private ClusterNode() {}

  /**
   * Runs the server.
   *
   * @param args the library, the configuration file, the data directory, the HTTP port, the native
   *     port
   */
  public static void main(String[] args) throws Exception {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is ever sent; only the end counts.
                }
              } catch (java.io.IOException e) {
                // As good as the end.
              }
              NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {0});
            });
    watch.setDaemon(true);
    watch.start();
    NativeLibrary engine = NativeLibrary.getInstance(args[0]);
    engine.getFunction("chdb_set_signal_handlers_enabled").invokeVoid(new Object[] {0});
    String[] command = {
      "clickhouse",
      "--config-file=" + args[1],
      "--path=" + args[2],
      "--http_port=" + args[3],
      "--tcp_port=" + args[4],
      "--listen_host=127.0.0.1",
      "--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP;"
          + " SELECT sleepEachRow(0.25) FROM numbers(9223372036854775807)"
          + " SETTINGS max_block_size=1, max_threads=1,"
          + " function_sleep_max_microseconds_per_block=0, max_execution_time=0 FORMAT Null"
    };
    engine
        .getFunction("chdb_query_cmdline")
        .invokeInt(new Object[] {command.length, new StringArray(command)});
    NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {1});
  }
}
