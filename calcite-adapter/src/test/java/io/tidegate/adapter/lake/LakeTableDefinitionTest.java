package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.LakeFixture.column;
import static io.tidegate.adapter.lake.LakeFixture.notNull;
import static io.tidegate.adapter.lake.PartitionExpression.floor;
import static io.tidegate.adapter.lake.PartitionExpression.floorToInterval;
import static io.tidegate.adapter.lake.PartitionExpression.identity;
import static io.tidegate.adapter.lake.PartitionExpression.mintBucket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.PartitionExpression.FloorUnit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeTableDefinitionTest {
  private static final String JSON =
      """
      {
        "format_version" : 1,
        "columns" : [ {
          "name" : "mint",
          "type" : "VARCHAR",
          "nullable" : false
        }, {
          "name" : "ts",
          "type" : "TIMESTAMP(6)",
          "nullable" : false
        }, {
          "name" : "price",
          "type" : "DECIMAL(18, 8)",
          "nullable" : true
        } ],
        "partitioned_by" : [ {
          "function" : "mint_bucket",
          "column" : "mint",
          "key" : "mint_bucket"
        }, {
          "function" : "floor",
          "unit" : "MONTH",
          "column" : "ts",
          "key" : "month"
        }, {
          "function" : "floor_to_interval",
          "seconds" : 900,
          "column" : "ts",
          "key" : "floor_to_interval"
        }, {
          "function" : "identity",
          "column" : "price"
        } ],
        "sorted_by" : [ "mint", "ts" ],
        "codec" : "snappy"
      }\
      """;

  private static LakeTableDefinition definition() throws LakeException {
    return new LakeTableDefinition(
        List.of(
            notNull("mint", "VARCHAR"),
            notNull("ts", "TIMESTAMP(6)"),
            column("price", "DECIMAL(18, 8)")),
        List.of(
            mintBucket("mint"),
            floor("ts", FloorUnit.MONTH).as("month"),
            floorToInterval("ts", 900),
            identity("price")),
        List.of("mint", "ts"),
        LakeCodec.SNAPPY);
  }

  private static LakeTableDefinition read(String json) throws LakeException {
    return DefinitionFile.read(json.getBytes(StandardCharsets.UTF_8), "_table.json");
  }

  @Test
  void definitionIsTheJsonThatTheDocumentationShows() throws Exception {
    assertThat(new String(DefinitionFile.write(definition()), StandardCharsets.UTF_8))
        .isEqualTo(JSON);
    assertThat(read(JSON)).isEqualTo(definition());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format_version\" : 1 | \"format_version\" : 2 | format_version is 2; this Tidegate reads version 1",
        "\"codec\" : \"snappy\" | \"codec\" : \"lzo\" | codec must be zstd, snappy or none but was 'lzo'",
        "\"codec\" : \"snappy\" | \"code\" : \"snappy\" | unknown key 'code'",
        "\"unit\" : \"MONTH\" | \"unit\" : \"WEEK\" | 'unit' must be YEAR, MONTH, DAY or HOUR but is 'WEEK'",
        "\"seconds\" : 900 | \"seconds\" : 1.5 | 'seconds' must be a whole number",
        "\"seconds\" : 900 | \"seconds\" : 0 | seconds must be 1 to",
        "\"function\" : \"identity\" | \"function\" : \"bucket\" | unknown partition function 'bucket'",
        "\"nullable\" : true | \"nullable\" : 1 | 'nullable' must be true or false",
        "\"type\" : \"VARCHAR\" | \"type\" : \"TEXT\" | The lake cannot keep the type TEXT",
        "\"sorted_by\" : [ \"mint\" | \"sorted_by\" : [ \"nix\" | Cannot sort by nix: there is no such column",
        "\"codec\" : \"snappy\" | \"codec\" : \"snappy\", \"codec\" : \"zstd\" | Duplicate field 'codec'",
        "\"codec\" : \"snappy\" | \"codec\" : | is not JSON",
      })
  void fileThatIsNotUnderstoodIsAnErrorThatNamesWhy(String good, String bad, String message) {
    assertThatThrownBy(() -> read(JSON.replace(good, bad)))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("_table.json")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private static void refused(
      String message, List<LakeColumn> columns, PartitionExpression... partitions) {
    assertThatThrownBy(
            () ->
                new LakeTableDefinition(columns, List.of(partitions), List.of(), LakeCodec.ZSTD)
                    .check())
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void directoryKeysMustNotClash() throws Exception {
    List<LakeColumn> columns =
        List.of(
            column("mint", "VARCHAR"),
            column("ts", "TIMESTAMP(6)"),
            column("Floor", "INTEGER"),
            column("ratio", "DOUBLE"));
    refused(
        "FLOOR(ts TO DAY): its directory key floor is a column's name; give another with AS",
        columns,
        floor("ts", FloorUnit.DAY));
    refused(
        "FLOOR(ts TO YEAR) AS day: the directory key day is taken; give another with AS",
        columns,
        floor("ts", FloorUnit.DAY).as("day"),
        floor("ts", FloorUnit.YEAR).as("day"));
    refused("run_id is taken", columns, mintBucket("mint").as("run_id"));
    refused("cannot be a partition key", columns, mintBucket("mint").as("_hidden"));
    refused("Cannot partition by mint_bucket(ts): ts is TIMESTAMP(6)", columns, mintBucket("ts"));
    refused("Cannot partition by ratio: ratio is DOUBLE", columns, identity("ratio"));
    refused("there is no column nix", columns, identity("nix"));
    refused("taken by the lake's own", List.of(column("RUN_ID", "VARCHAR")));
    refused("A is there twice", List.of(column("a", "DATE"), column("A", "DATE")));
    refused("at least one column", List.of());
  }

  @Test
  void identityKeepsItsColumnsName() {
    assertThat(identity("symbol").key()).isEqualTo("symbol");
    assertThatThrownBy(() -> identity("symbol").as("s"))
        .hasMessageContaining("leave the alias out");
  }
}
