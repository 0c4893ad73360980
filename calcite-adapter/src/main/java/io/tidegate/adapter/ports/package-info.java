/**
 * Storage as a library sees it: {@link io.tidegate.adapter.ports.StatePort} keeps small values,
 * {@link io.tidegate.adapter.ports.ArtifactPort} keeps results, {@link
 * io.tidegate.adapter.ports.SlicePort} reads slices of the lake. Records go in and records come
 * out: no SQL, no connection and no engine is to be seen, which the build checks.
 *
 * <p>{@code io.tidegate.adapter.storage.StorageGateway} opens them. All ports are safe for any
 * number of threads. What fails is thrown, as a {@link io.tidegate.adapter.ports.PortException}
 * that says which port and operation; absence is an empty {@code Optional} and never a failure.
 */
package io.tidegate.adapter.ports;
