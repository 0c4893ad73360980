/** {@code ./tidegate bench}: the speed of Tidegate's paths, measured against ClickHouse alone. */
package io.tidegate.gateway.bench;
