package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.PartitionExpression.floor;
import static io.tidegate.adapter.lake.PartitionExpression.floorToInterval;
import static io.tidegate.adapter.lake.PartitionExpression.mintBucket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.PartitionExpression.FloorUnit;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionExpressionTest {
  @TempDir Path directory;

  @Test
  void expressionsGiveTheSameInJavaAsInTheirDefinition() {
    LocalDateTime before1970 = LocalDateTime.parse("1969-12-31T23:59:59.999999");
    assertThat(mintBucket("m").evaluate("So11111111111111111111111111111111111111112"))
        .isEqualTo("35");
    assertThat(mintBucket("m").evaluate("")).isEqualTo("da");
    assertThat(floor("t", FloorUnit.YEAR).evaluate(before1970)).isEqualTo(LocalDate.of(1969, 1, 1));
    assertThat(floor("t", FloorUnit.MONTH).evaluate(before1970))
        .isEqualTo(LocalDate.of(1969, 12, 1));
    assertThat(floor("t", FloorUnit.DAY).evaluate(LocalDate.of(2024, 2, 29)))
        .isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(floor("t", FloorUnit.HOUR).evaluate(before1970))
        .isEqualTo(LocalDateTime.parse("1969-12-31T23:00:00"));
    assertThat(floorToInterval("t", 900).evaluate(before1970))
        .isEqualTo(LocalDateTime.parse("1969-12-31T23:45:00"));
    assertThat(floorToInterval("t", 60).evaluate(LocalDateTime.parse("2024-01-01T00:01:00")))
        .isEqualTo(LocalDateTime.parse("2024-01-01T00:01:00"));
  }

  @Test
  void directoriesAreNamedAsDuckDbNamesThem() throws Exception {
    List<String> texts =
        List.of(
            "plain",
            "",
            "a b",
            "a:b",
            "a/b",
            "a=b",
            "50%",
            "%41",
            "hé",
            "😀",
            "it's",
            "x+y",
            "~.-_",
            "q?*\"",
            "2024-01-01 00:00:00",
            "__HIVE_DEFAULT_PARTITION__",
            "\\",
            "{}[]^");
    String rows =
        texts.stream()
            .map(text -> "('" + text.replace("'", "''") + "')")
            .collect(Collectors.joining(", "));
    LakeFixture.duckDb(
        "COPY (SELECT k, 1 AS v FROM (VALUES "
            + rows
            + ", (NULL)) AS t(k)) TO '"
            + directory
            + "' (FORMAT parquet, PARTITION_BY (k))");

    List<PartitionValue> values =
        new ArrayList<>(
            texts.stream().map(text -> new PartitionValue("k", Optional.of(text))).toList());
    values.add(new PartitionValue("k", Optional.empty()));
    List<String> names = new ArrayList<>();
    for (PartitionValue value : values) {
      names.add(value.directoryName());
      assertThat(PartitionValue.parse(value.directoryName())).contains(value);
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(LakeFixture.entries(directory));
  }

  @Test
  void directoryNameThatIsNotOneIsSeen() {
    assertThat(PartitionValue.parse("plain")).isEmpty();
    assertThat(PartitionValue.parse("=x")).isEmpty();
    assertThat(PartitionValue.parse("k=%4")).isEmpty();
    assertThat(PartitionValue.parse("k=%zz")).isEmpty();
    assertThat(PartitionValue.parse("k=%FF")).isEmpty();
  }

  @Test
  void valueTooLongForADirectoryIsRefused() {
    PartitionValue value = new PartitionValue("k", Optional.of("ü".repeat(100)));
    assertThatThrownBy(value::directoryName)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("at most 255")
        .hasMessageContaining("partition by a function");
  }
}
