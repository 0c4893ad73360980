package io.tidegate.adapter.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.jdbc.CalciteSchema;

/** Says of a table or schema that there is not what it is, and what is near it. */
final class MissingNames {
  private static final Pattern IN_SCHEMA =
      Pattern.compile("Object '(.*)' not found within '(.*)'.*", Pattern.DOTALL);
  private static final Pattern ANYWHERE =
      Pattern.compile("Object '(.*)' not found.*", Pattern.DOTALL);

  private MissingNames() {}

  /** Calcite's message in Tidegate's words if it is one of a missing table or schema. */
  static String named(String message, CalciteSchema root) {
    Matcher inSchema = IN_SCHEMA.matcher(message);
    if (inSchema.matches()) {
      String table = inSchema.group(1);
      String schema = inSchema.group(2);
      return "There is no table '"
          + table
          + "' in schema '"
          + schema
          + "'"
          + NearNames.hint(table, tables(root.getSubSchema(schema, false)));
    }
    Matcher anywhere = ANYWHERE.matcher(message);
    if (anywhere.matches()) {
      String name = anywhere.group(1);
      return "There is no table or schema '" + name + "'" + elsewhere(name, root);
    }
    return message;
  }

  private static String elsewhere(String name, CalciteSchema root) {
    Map<String, CalciteSchema> schemas = root.getSubSchemaMap();
    List<String> tables = new ArrayList<>();
    schemas.forEach(
        (schema, store) ->
            tables(store).stream()
                .filter(name::equalsIgnoreCase)
                .forEach(table -> tables.add(schema + "." + table)));
    return tables.isEmpty()
        ? NearNames.hint(name, schemas.keySet())
        : "; did you mean " + String.join(", ", tables) + "?";
  }

  private static List<String> tables(CalciteSchema schema) {
    return schema == null ? List.of() : List.copyOf(schema.getTableNames());
  }
}
