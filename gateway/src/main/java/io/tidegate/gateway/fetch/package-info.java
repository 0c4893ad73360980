/** Tick files come from an exchange's archive to a directory. */
package io.tidegate.gateway.fetch;
