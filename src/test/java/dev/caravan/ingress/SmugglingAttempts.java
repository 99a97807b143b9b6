package dev.caravan.ingress;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests that end at one place for one reader and at another for the next. Behind that place is a
 * delivery that is well signed, so that nothing but the reading keeps it out.
 */
final class SmugglingAttempts {
  static final String GUID = "smuggled";
  private static final String SMUGGLED = Attack.push(Attack.LINE, GUID);

  private SmugglingAttempts() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    lengths(all);
    encodings(all);
    chunks(all);
    return all;
  }

  private static void lengths(List<Attack> all) {
    for (String length :
        List.of(
            "Content-Length: 0\r\nContent-Length: " + SMUGGLED.length(),
            "Content-Length: " + SMUGGLED.length() + "\r\nContent-Length: 0",
            "Content-Length: 0\r\nContent-Length: 0",
            "Content-Length: 0, " + SMUGGLED.length(),
            "Content-Length: 0,0",
            "Content-Length: -0",
            "Content-Length: +0",
            "Content-Length: -1",
            "Content-Length: 0x0",
            "Content-Length: 0 0",
            "Content-Length: 0.0",
            "Content-Length: 0e1",
            "Content-Length: '0'",
            "Content-Length: ",
            "Content-Length: \u0660",
            "Content-Length: 18446744073709551616",
            "Content-Length: 9223372036854775808",
            "Content-Length: 9223372036854775807",
            "Content-Length : 0",
            "Content-Length\0: 0",
            "Content-Length\u000b: 0")) {
      all.add(attack(length, ""));
    }
  }

  private static void encodings(List<Attack> all) {
    for (String encoding :
        List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: " + (5 + SMUGGLED.length()) + "\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: chunked\u000b",
            "Transfer-Encoding: chu\0nked",
            "Transfer-Encoding: ",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\0: chunked",
            "Transfer Encoding: chunked")) {
      all.add(attack(encoding, "0\r\n\r\n"));
    }
    all.add(
        Attack.of(
            "Transfer-Encoding in HTTP/1.0",
            Attack.LINE.replace("1.1", "1.0")
                + "\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + SMUGGLED));
  }

  private static void chunks(List<Attack> all) {
    for (String chunks :
        List.of(
            "100000000\r\n\r\n",
            "10000000000000000\r\n\r\n",
            "80000000\r\n\r\n",
            "-0\r\n\r\n",
            "+0\r\n\r\n",
            "0x0\r\n\r\n",
            " 0\r\n\r\n",
            "\r\n0\r\n\r\n",
            "0\n\n",
            "0;\n\r\n",
            "0\r\r\n\r\n",
            "zz\r\n\r\n",
            "\r\n\r\n",
            "1\r\na0\r\n\r\n",
            "1\r\naXX0\r\n\r\n",
            "1\r\na\n0\r\n\r\n",
            "1\na\r\n0\r\n\r\n",
            "0\r\nBad trailer\0: x\r\n\r\n",
            "0" + "0".repeat(10_000) + "\r\n\r\n",
            "0;" + "x".repeat(10_000) + "\r\n\r\n",
            "0\r\nA: " + "x".repeat(20_000) + "\r\n\r\n")) {
      all.add(
          new Attack(
              "the chunks " + chunks.substring(0, Math.min(20, chunks.length())),
              attack("Transfer-Encoding: chunked", chunks).bytes()));
    }
  }

  private static Attack attack(String header, String body) {
    return Attack.of(
        header,
        Attack.LINE
            + "\r\nHost: x\r\nContent-Type: application/json\r\n"
            + header
            + "\r\n\r\n"
            + body
            + SMUGGLED);
  }
}
