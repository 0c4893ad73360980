package io.tidegate.gateway.bench;

import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * ClickHouse on its own, by its HTTP interface and nothing of Tidegate: what is measured against.
 */
final class Reference {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ClickHouseEndpoint endpoint;

  Reference(ClickHouseEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Runs one statement; returns its answer as text. */
  String run(String sql) throws IOException, InterruptedException {
    return answer(
        http.send(
            request("").POST(HttpRequest.BodyPublishers.ofString(sql)).build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  /** Streams an answer to a file. */
  void download(String sql, Path file) throws IOException, InterruptedException {
    HttpResponse<Path> response =
        http.send(
            request("").POST(HttpRequest.BodyPublishers.ofString(sql)).build(),
            HttpResponse.BodyHandlers.ofFile(file));
    if (response.statusCode() != 200) {
      throw new IOException("ClickHouse answered " + response.statusCode() + " to: " + sql);
    }
  }

  /** Posts a file as the data of an INSERT. */
  void upload(String insert, Path file) throws IOException, InterruptedException {
    answer(
        http.send(
            request("?query=" + URLEncoder.encode(insert, StandardCharsets.UTF_8))
                .POST(HttpRequest.BodyPublishers.ofFile(file))
                .build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  private HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + "/" + query))
        .header("X-ClickHouse-User", endpoint.user())
        .header("X-ClickHouse-Key", endpoint.password());
  }

  private static String answer(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException("ClickHouse answered " + response.body().strip());
    }
    return response.body().strip();
  }
}
