package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.SqlText.Piece;
import org.junit.jupiter.api.Test;

class SqlTextTest {
  @Test
  void semicolonsInsideQuotesAndCommentsDoNotCut() {
    assertThat(SqlText.split("SELECT ';' AS \"a;b\" -- ;\n FROM t /* ; */ WHERE x = 'it''s;'; B"))
        .containsExactly(
            new Piece("SELECT ';' AS \"a;b\" -- ;\n FROM t /* ; */ WHERE x = 'it''s;'", 1),
            new Piece("B", 2));
  }

  @Test
  void commentsBeforeAStatementAreLeftOutAndItsLineIsWhereItBegins() {
    assertThat(SqlText.split("-- first\n\n/* second */ A;\n\n// third\nB\n"))
        .containsExactly(new Piece("A", 3), new Piece("B", 6));
  }

  @Test
  void emptyStatementsAreNone() {
    assertThat(SqlText.split(" ; ;; -- nothing")).isEmpty();
  }

  @Test
  void whatIsNotClosedReachesToTheEnd() {
    assertThat(SqlText.split("A 'x; B")).containsExactly(new Piece("A 'x; B", 1));
  }
}
