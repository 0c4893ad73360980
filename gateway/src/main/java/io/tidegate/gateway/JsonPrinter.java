package io.tidegate.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Prints each result as one JSON array of objects, one object per line.
 *
 * <p>Numbers are numbers, decimals with all their digits. NaN and the infinities, which JSON does
 * not have, are the texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, because null
 * would be another value. Columns of the same name become {@code n}, {@code n_2}, {@code n_3}.
 */
final class JsonPrinter implements ResultPrinter {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator(",\n")
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final PrintWriter out;

  JsonPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public long print(ResultSet result) throws SQLException, IOException {
    Cells cells = new Cells(result);
    String[] names = names(cells);
    long rows = 0;
    out.print('[');
    try (JsonGenerator json = JSON.createGenerator(out)) {
      while (result.next()) {
        ResultPrinter.stopIfClosed(out, ++rows);
        json.writeStartObject();
        for (int i = 0; i < names.length; i++) {
          json.writeFieldName(names[i]);
          write(json, cells.value(i));
        }
        json.writeEndObject();
      }
    }
    out.print("]\n");
    return rows;
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Float number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }

  private static String[] names(Cells cells) {
    String[] names = new String[cells.columns()];
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < names.length; i++) {
      String name = cells.name(i);
      for (int n = 2; !taken.add(name); n++) {
        name = cells.name(i) + "_" + n;
      }
      names[i] = name;
    }
    return names;
  }
}
