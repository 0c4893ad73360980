/**
 * The process: the command line, the Avatica server, scripts and what they print.
 *
 * <p>Everything here talks to SQL through {@code java.sql} alone, so a command does the same in
 * process ({@code jdbc:tidegate:}) and against a running server ({@code jdbc:avatica:remote:}).
 */
package io.tidegate.gateway;
