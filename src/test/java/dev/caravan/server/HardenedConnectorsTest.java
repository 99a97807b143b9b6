package dev.caravan.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What connectors of the Camel in use must not do, as they would by themselves. */
class HardenedConnectorsTest {
  @TempDir private Path directory;

  @Test
  void aDestinationCannotSendAPayloadOrAPasswordOnToAnother() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer elsewhere = server(asked, "elsewhere", 200, Map.of());
    String there = "http://localhost:" + elsewhere.getAddress().getPort() + "/";
    HttpServer destination = server(asked, "destination", 303, Map.of("Location", there));
    try (Site site =
        new Site(directory)
            .route(
                "send.camel.yaml",
                Site.route(
                    "send",
                    "push",
                    "marshal: { json: {} }\n        - to: http://localhost:%d/?authMethod=Basic&authUsername=u&authPassword=p"
                        .formatted(destination.getAddress().getPort())))
            .start()) {
      assertThat(site.post("push", "1", "{\"ref\":\"x\"}")).isEqualTo(202);

      await()
          .until(
              () -> site.json("/api/deliveries/1").encode().contains("\"state\":\"dead-letter\""));
      assertThat(asked).containsExactly("destination");
    } finally {
      destination.stop(0);
      elsewhere.stop(0);
    }
  }

  @Test
  void theSenderOfAMailCannotSteerTheRouteThatReadsIt() throws Exception {
    GreenMail mail =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP),
              new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_IMAP)
            });
    mail.start();
    Path files = directory.resolve("files");
    mail.setUser("ops@acme.example", "ops", "secret")
        .deliver(
            new MimeMessage(
                null,
                new ByteArrayInputStream(
                    """
                    From: stranger@evil.example
                    To: ops@acme.example
                    Subject: hello
                    X-Ours: kept
                    CAmelFileName: ../stolen.txt
                    mail.smtp.host: evil.example

                    Hello
                    """
                        .getBytes(UTF_8))));
    try (Site site =
        new Site(directory)
            .route(
                "mail.camel.yaml",
                """
                - route:
                    id: mail
                    from:
                      uri: imap://localhost:%d?username=ops&password=secret&delay=100&initialDelay=0
                      steps:
                        - setBody:
                            simple: "${headers}"
                        - convertBodyTo: { type: String }
                        - toD: "file:%s?fileName=got-${header.X-Ours}.txt&tempFileName=half"
                """
                    .formatted(mail.getImap().getPort(), files))
            .start()) {
      assertThat(site.server().routeFiles()).noneMatch(file -> file.problem() != null);
      await().until(() -> Files.isRegularFile(files.resolve("got-kept.txt")));

      assertThat(Files.readString(files.resolve("got-kept.txt")))
          .contains("X-Ours")
          .doesNotContainIgnoringCase("camelfilename")
          .doesNotContain("mail.smtp");
      try (Stream<Path> around = Files.list(directory)) {
        assertThat(around).noneMatch(file -> file.endsWith("stolen.txt"));
      }
    } finally {
      mail.stop();
    }
  }

  private static HttpServer server(
      List<String> asked, String name, int status, Map<String, String> headers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          asked.add(name);
          headers.forEach((key, value) -> exchange.getResponseHeaders().add(key, value));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
