package io.tidegate.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.server.AvaticaHandler;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;

/**
 * One HTTP endpoint for both of Avatica's serializations.
 *
 * <p>The content type cannot tell them apart, because Avatica's own client sends {@code
 * application/octet-stream} for both. The first byte can: a JSON request is an object, and a
 * protobuf one begins with the tag of its first field, 0x0A, which JSON allows only as white space.
 */
final class AvaticaEndpoint extends AbstractHandler implements AvaticaHandler {
  private final Service service;
  private final JsonHandler json;
  private final ProtobufHandler protobuf;
  private final StillWorking waiting;

  AvaticaEndpoint(Service service, StillWorking waiting) {
    this.service = service;
    this.waiting = waiting;
    this.json = new JsonHandler(service, NoopMetricsSystem.getInstance());
    this.protobuf =
        new ProtobufHandler(service, new CompactFrames(), NoopMetricsSystem.getInstance());
  }

  @Override
  public void handle(
      String target, Request base, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    base.setHandled(true);
    if (!request.getMethod().equals("POST")) {
      response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      response.setHeader("Allow", "POST");
      response.setContentType("text/plain;charset=utf-8");
      response
          .getOutputStream()
          .write(
              "This is a JDBC endpoint: connect with jdbc:avatica:remote:url=...\n"
                  .getBytes(StandardCharsets.UTF_8));
      return;
    }
    byte[] body = request.getInputStream().readAllBytes();
    String header = request.getHeader("request");
    if (header != null && body.length == 0) {
      body = header.getBytes(StandardCharsets.UTF_8);
    }
    EndPoint client = base.getHttpChannel().getEndPoint();
    if (body.length > 0 && body[0] == '{') {
      String text = new String(body, StandardCharsets.UTF_8);
      HandlerResponse<String> answer = waiting.await(() -> json.apply(text), client);
      send(
          response,
          answer.getStatusCode(),
          "application/json;charset=utf-8",
          answer.getResponse().getBytes(StandardCharsets.UTF_8));
    } else {
      byte[] message = body;
      HandlerResponse<byte[]> answer = waiting.await(() -> protobuf.apply(message), client);
      send(response, answer.getStatusCode(), "application/octet-stream", answer.getResponse());
    }
  }

  private static void send(HttpServletResponse response, int status, String type, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  @Override
  public void setServerRpcMetadata(Service.RpcMetadataResponse metadata) {
    service.setRpcMetadata(metadata);
    json.setRpcMetadata(metadata);
    protobuf.setRpcMetadata(metadata);
  }
}
