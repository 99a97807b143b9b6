package dev.caravan.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is no request, or none that this port takes; beside what is wrong, each is well signed. */
final class MalformedRequests {
  /** Nobody has to wait for the end of a connection that the answer did not end. */
  private static final String CLOSE = "Connection: close";

  private MalformedRequests() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    noHttp(all);
    firstLines(all);
    headers(all);
    return all;
  }

  private static void noHttp(List<Attack> all) {
    all.add(Attack.of("line breaks", "\r\n\r\n\n\n\r\r\n"));
    all.add(Attack.of("NULs", "\0".repeat(5000)));
    all.add(Attack.of("a hello of TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc"));
    all.add(Attack.of("letters without an end", "a".repeat(1 << 20)));
    all.add(Attack.of("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
    all.add(Attack.of("an answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    Random random = new Random(1);
    for (int number = 0; number < 20; number++) {
      byte[] noise = new byte[1 + random.nextInt(3000)];
      random.nextBytes(noise);
      all.add(new Attack("noise " + number, noise));
    }
  }

  private static void firstLines(List<Attack> all) {
    for (String line :
        List.of(
            "POST",
            "POST ",
            "POST /hooks/handle_github",
            "POST /hooks/handle_github ",
            "POST /hooks/handle_github HTTP",
            "POST /hooks/handle_github HTTP/1",
            "POST /hooks/handle_github HTTP/1.2",
            "POST /hooks/handle_github HTTP/2.0",
            "POST /hooks/handle_github HTTP/9.9",
            "POST /hooks/handle_github HTTP/1.1.1",
            "POST /hooks/handle_github HTTP/-1.1",
            "POST /hooks/handle_github HTTP/11111111111.1",
            "POST /hooks/handle_github XTTP/1.1",
            "POST /hooks/handle_github HTTP/1.1 HTTP/1.1",
            "POST\0 /hooks/handle_github HTTP/1.1",
            "PO ST /hooks/handle_github HTTP/1.1",
            "P\u00d6ST /hooks/handle_github HTTP/1.1",
            "post /hooks/handle_github HTTP/1.1",
            "BREW /hooks/handle_github HTTP/1.1",
            "PRI /hooks/handle_github HTTP/1.1",
            "x".repeat(1000) + " /hooks/handle_github HTTP/1.1",
            "CONNECT hooks.example:443 HTTP/1.1",
            "CONNECT /hooks/handle_github HTTP/1.1",
            "POST * HTTP/1.1",
            "POST hooks/handle_github HTTP/1.1",
            "POST \\hooks\\handle_github HTTP/1.1",
            "POST //hooks/handle_github HTTP/1.1",
            "POST /hooks/./handle_github HTTP/1.1",
            "POST /x/../hooks/handle_github HTTP/1.1",
            "POST /hooks%2fhandle_github HTTP/1.1",
            "POST /hooks/handle_github%00 HTTP/1.1",
            "POST /hooks/handle_github\u0001 HTTP/1.1",
            "POST /hooks/handle_git\u00e4ub HTTP/1.1",
            "POST /hooks/handle_github;a=b HTTP/1.1",
            "POST http://x/ HTTP/1.1",
            "POST http:// HTTP/1.1",
            "POST http://[::bad HTTP/1.1",
            "POST :// HTTP/1.1",
            "POST ? HTTP/1.1",
            "POST /%ff%zz HTTP/1.1",
            "POST /" + "a".repeat(5000) + " HTTP/1.1")) {
      all.add(Attack.of(line, Attack.push(line, "malformed", CLOSE)));
    }
  }

  private static void headers(List<Attack> all) {
    for (String header :
        List.of(
            "X-Test",
            "X-Test : a",
            "X Test: a",
            "X-Test\0: a",
            "X-T\u00e9st: a",
            ": a",
            "X-Test: a\0b",
            "X-Test: a\rX-Other: b",
            "X-Test: a\u000bb",
            "X-Test: " + "a".repeat(20_000),
            "x".repeat(20_000) + ": a",
            "a: b\r\n".repeat(5000) + "c: d",
            "X-GitHub-Event: issues",
            "x-github-event: push",
            "X-GitHub-Delivery: malformed",
            "X-Hub-Signature-256: sha256=" + "0".repeat(64),
            "Content-Length: 2",
            "Content-Length: 3",
            "Transfer-Encoding: chunked")) {
      all.add(named(header, Attack.push(Attack.LINE, "malformed", CLOSE, header)));
    }
    for (String guid : List.of("a\tb", "a%0d%0aX-Test: b", "a\u0001b", "\u00e4", "a\r\n b")) {
      all.add(named("the GUID " + guid, Attack.push(Attack.LINE, guid, CLOSE)));
    }
  }

  private static Attack named(String what, String text) {
    return Attack.of(what.substring(0, Math.min(what.length(), 60)), text);
  }
}
