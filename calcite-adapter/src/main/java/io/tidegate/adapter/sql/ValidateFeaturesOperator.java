package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.CheckColumn;
import io.tidegate.functions.BarField;
import io.tidegate.functions.FeatureValidation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;

/**
 * {@code validate_features(TABLE bars PARTITION BY symbol ORDER BY open_time)}: see {@link
 * FeatureValidation}.
 */
final class ValidateFeaturesOperator extends ValidationOperator {
  ValidateFeaturesOperator() {
    super(
        "validate_features",
        EnumSet.range(BarField.CLOSE, BarField.FORWARD_RETURN),
        EnumSet.of(BarField.CLOSE),
        List.of(CheckColumn.values()));
  }

  @Override
  Rule rule(SqlCall call, Set<BarField> present) {
    return new Rule("", () -> new FeatureValidation(present));
  }
}
