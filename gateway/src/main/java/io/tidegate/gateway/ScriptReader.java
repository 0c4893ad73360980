package io.tidegate.gateway;

import io.tidegate.adapter.sql.parser.ScriptBinding;
import io.tidegate.adapter.sql.parser.ScriptParameter;
import io.tidegate.adapter.sql.parser.ScriptParameters;
import io.tidegate.adapter.sql.parser.TidegateParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.calcite.util.Litmus;

/**
 * Reads scripts and puts the values of their parameters in, all of it before anything runs.
 *
 * <p>A statement with parameters is sent as the text of its tree, which was parsed back to be sure.
 * One without is sent as it was written, so that the places in its errors are those of the script.
 */
final class ScriptReader {
  private ScriptReader() {}

  /**
   * Reads scripts that run one after another.
   *
   * @param files the scripts
   * @param parameters values by name; each goes to every script that declares it
   * @throws SQLException naming the script: no such file, not SQL, or a parameter that is missing,
   *     ill-typed or declared by none
   */
  static List<Script> read(List<Path> files, Map<String, String> parameters) throws SQLException {
    TreeSet<String> unused = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    unused.addAll(parameters.keySet());
    List<Script> scripts = new ArrayList<>();
    for (Path file : files) {
      String text = text(file);
      ScriptParameters declared = ScriptParameters.declaredIn(file.toString(), text);
      TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      declared.declared().stream().map(ScriptParameter::name).forEach(names::add);
      Map<String, String> given = new LinkedHashMap<>(parameters);
      given.keySet().removeIf(name -> !names.contains(name));
      unused.removeAll(names);
      scripts.add(read(file, text, declared.bind(given)));
    }
    if (!unused.isEmpty()) {
      throw new SQLException(
          "There is no parameter '"
              + unused.first()
              + "' in "
              + files.stream().map(Path::toString).collect(Collectors.joining(", ")),
          "22023");
    }
    return scripts;
  }

  private static Script read(Path file, String text, ScriptBinding binding) throws SQLException {
    List<ScriptStep> steps = new ArrayList<>();
    try {
      for (var statement : TidegateParser.parseScript(text)) {
        var bound = binding.apply(statement.node());
        String sql =
            bound.equalsDeep(statement.node(), Litmus.IGNORE)
                ? statement.text()
                : TidegateParser.toSql(bound);
        steps.add(new ScriptStep(sql, statement.text(), statement.line()));
      }
    } catch (SQLException e) {
      SqlError error = SqlErrors.of(e);
      String name = error.message().contains(file.toString()) ? "" : file + ": ";
      throw new SQLException(name + error.message(), error.sqlState(), e);
    }
    return new Script(file.toString(), steps);
  }

  private static String text(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new SQLException("No such script: " + file, "58P01", e);
    } catch (IOException e) {
      throw new SQLException("Cannot read script " + file + ": " + e.getMessage(), "58030", e);
    }
  }
}
