package dev.caravan.ingress;

import static dev.caravan.ingress.Http2Frames.CONTINUATION;
import static dev.caravan.ingress.Http2Frames.DATA;
import static dev.caravan.ingress.Http2Frames.END_HEADERS;
import static dev.caravan.ingress.Http2Frames.END_STREAM;
import static dev.caravan.ingress.Http2Frames.GO_AWAY;
import static dev.caravan.ingress.Http2Frames.HEADERS;
import static dev.caravan.ingress.Http2Frames.PADDED;
import static dev.caravan.ingress.Http2Frames.PING;
import static dev.caravan.ingress.Http2Frames.PRIORITY;
import static dev.caravan.ingress.Http2Frames.PUSH_PROMISE;
import static dev.caravan.ingress.Http2Frames.RST_STREAM;
import static dev.caravan.ingress.Http2Frames.SETTINGS;
import static dev.caravan.ingress.Http2Frames.WINDOW_UPDATE;
import static dev.caravan.ingress.Http2Frames.block;
import static dev.caravan.ingress.Http2Frames.frame;
import static dev.caravan.ingress.Http2Frames.join;
import static dev.caravan.ingress.Http2Frames.number;
import static dev.caravan.ingress.Http2Frames.preface;
import static dev.caravan.ingress.Http2Frames.repeat;
import static dev.caravan.ingress.Http2Frames.setting;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What no HTTP/2 client may send. All of it is sent at once, and is about stream 1 if about any.
 */
final class Http2Attacks {
  private static final byte[] BODY = "{}".getBytes(UTF_8);
  private static final byte[] HELLO = preface();
  private static final byte[] GET =
      request(1, ":method: GET", ":scheme: https", ":path: /", ":authority: x");

  private Http2Attacks() {}

  /** Heads of well-signed deliveries with one fault each. */
  static List<Attack> heads() {
    List<Attack> all = new ArrayList<>();
    for (String more :
        List.of(
            "X-Upper: a",
            "connection: close",
            "connection: keep-alive",
            "keep-alive: 1",
            "proxy-connection: keep-alive",
            "transfer-encoding: chunked",
            "upgrade: h2c",
            "te: gzip",
            ":method: POST",
            ":path: /hooks/handle_github",
            ":status: 200",
            ":unknown: a",
            "na me: a",
            "na\0me: a",
            "na\r\nme: a",
            "value: a\r\nb: c",
            "value: a\0",
            "content-length: 0",
            "content-length: 1",
            "content-length: 3",
            "content-length: -1",
            "content-length: +2",
            "content-length: two",
            "x-github-event: issues",
            "x-github-delivery: other",
            "x-hub-signature-256: sha256=" + "0".repeat(64),
            "large: " + "x".repeat(20_000))) {
      all.add(push(more, pushHead(more)));
    }
    for (String pseudo :
        List.of(":method: POST", ":scheme: https", ":path: /hooks/handle_github")) {
      String[] without =
          Stream.of(pushHead()).filter(field -> !field.equals(pseudo)).toArray(String[]::new);
      all.add(push("no " + pseudo, without));
    }
    all.add(push("two content-lengths", pushHead("content-length: 2", "content-length: 20")));
    return all;
  }

  /** What breaks nothing, or comes after the answer. */
  static List<Attack> oddities() {
    return List.of(
        opened("DATA after the end", GET, frame(DATA, END_STREAM, 1, BODY)),
        opened("GOAWAY", frame(GO_AWAY, 0, 0, number(0), number(0)), GET),
        opened("a frame nobody knows", frame(77, 255, 1, BODY), GET));
  }

  /** Frames that break the rules: each must end its stream or the connection. */
  static List<Attack> frames() {
    byte[] head = block(pushHead());
    return List.of(
        attack("nothing of HTTP/2", Attack.push(Attack.LINE, "http1").getBytes(ISO_8859_1)),
        attack(
            "settings that are missing", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1)),
        opened("DATA on stream 0", frame(DATA, 0, 0, BODY)),
        opened("DATA before a head", frame(DATA, END_STREAM, 1, BODY)),
        opened("HEADERS on stream 0", frame(HEADERS, END_HEADERS, 0, head)),
        opened("HEADERS on an even stream", frame(HEADERS, END_HEADERS, 2, head)),
        opened(
            "HEADERS on a stream that is past",
            request(3, ":method: GET", ":scheme: https", ":path: /", ":authority: x"),
            GET),
        opened(
            "HEADERS without an end, then DATA",
            frame(HEADERS, 0, 1, head),
            frame(DATA, END_STREAM, 1, BODY)),
        opened(
            "HEADERS that are padded beyond their end",
            frame(HEADERS, END_HEADERS | PADDED, 1, new byte[] {(byte) 255}, head)),
        opened("CONTINUATION of nothing", frame(CONTINUATION, END_HEADERS, 1, head)),
        opened("PUSH_PROMISE of a client", frame(PUSH_PROMISE, END_HEADERS, 1, number(2), head)),
        opened("PRIORITY that depends on itself", frame(PRIORITY, 0, 1, number(1), new byte[1])),
        opened("RST_STREAM before a head", frame(RST_STREAM, 0, 1, number(8))),
        opened("SETTINGS of a stream", frame(SETTINGS, 0, 1)),
        opened("SETTINGS cut off", frame(SETTINGS, 0, 0, new byte[5])),
        opened("SETTINGS with a push of 2", frame(SETTINGS, 0, 0, setting(2, 2))),
        opened("SETTINGS with an endless window", frame(SETTINGS, 0, 0, setting(4, -1))),
        opened("SETTINGS with frames of 1", frame(SETTINGS, 0, 0, setting(5, 1))),
        opened("PING cut off", frame(PING, 0, 0, new byte[7])),
        opened("WINDOW_UPDATE of 0", frame(WINDOW_UPDATE, 0, 0, number(0))),
        opened(
            "WINDOW_UPDATE over the limit", frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
        opened("a frame that is too large", frame(DATA, 0, 1, new byte[16_385])),
        opened(
            "trailers that begin anew",
            frame(HEADERS, END_HEADERS, 1, head),
            frame(DATA, 0, 1, BODY),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, head)),
        opened("index 0", frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0x80})),
        opened(
            "an index that is not there",
            frame(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0xff, 50})),
        opened(
            "an index without end",
            frame(HEADERS, END_HEADERS, 1, repeat(20, new byte[] {(byte) 0xff}))),
        opened(
            "a name that is longer than the head",
            frame(HEADERS, END_HEADERS, 1, new byte[] {0, 100, 'a'})),
        opened(
            "Huffman's end inside",
            frame(HEADERS, END_HEADERS, 1, new byte[] {0, (byte) 0x84, -1, -1, -1, -1, 0})),
        opened(
            "a table that is too large",
            frame(HEADERS, END_HEADERS, 1, new byte[] {0x3f, -1, -1, -1, 0x7f})));
  }

  /** What is right once, and thousands of times too much; each must end the connection. */
  static List<Attack> floods() {
    byte[] settings = frame(SETTINGS, 0, 0, setting(3, 100));
    return List.of(
        opened("streams that are reset at once", resets(1000)),
        opened("pings", repeat(100_000, frame(PING, 0, 0, new byte[8]))),
        opened("settings", repeat(100_000, settings)),
        opened(
            "pieces of a head",
            join(
                frame(HEADERS, 0, 1, block(pushHead())),
                repeat(100_000, frame(CONTINUATION, 0, 1)))),
        opened(
            "large pieces of a head",
            join(
                frame(HEADERS, 0, 1, block(pushHead())),
                repeat(1000, frame(CONTINUATION, 0, 1, block("a: " + "x".repeat(1000)))))),
        opened(
            "empty pieces of a body",
            join(
                frame(HEADERS, END_HEADERS, 1, block(pushHead())),
                repeat(100_000, frame(DATA, 0, 1)))),
        opened("a bomb in the table", frame(HEADERS, END_HEADERS | END_STREAM, 1, bomb())));
  }

  /** Requests on one connection, all at once. */
  static byte[] gets(int count) {
    byte[][] frames = new byte[count][];
    for (int number = 0; number < count; number++) {
      frames[number] =
          request(2 * number + 1, ":method: GET", ":scheme: https", ":path: /", ":authority: x");
    }
    return join(frames);
  }

  /** Deliveries on one connection whose bodies do not come. */
  static byte[] unfinished(int count) {
    byte[][] frames = new byte[count + 1][];
    frames[0] = HELLO;
    for (int number = 0; number < count; number++) {
      frames[number + 1] = frame(HEADERS, END_HEADERS, 2 * number + 1, block(pushHead()));
    }
    return join(frames);
  }

  private static byte[] resets(int count) {
    byte[][] frames = new byte[count][];
    for (int number = 0; number < count; number++) {
      int stream = 2 * number + 1;
      frames[number] =
          join(
              frame(HEADERS, END_HEADERS, stream, block(pushHead())),
              frame(RST_STREAM, 0, stream, number(8)));
    }
    return join(frames);
  }

  /** A field of 3,000 bytes that is put into the table once and named ten thousand times. */
  private static byte[] bomb() {
    byte[] field = block("a: " + "x".repeat(3000));
    field[0] = 0x40; // to be put into the table
    return join(block(pushHead()), field, repeat(10_000, new byte[] {(byte) 0xbe}));
  }

  static String[] pushHead(String... more) {
    return Stream.concat(
            Stream.of(
                ":method: POST",
                ":scheme: https",
                ":path: /hooks/handle_github",
                ":authority: x",
                "content-type: application/json",
                "x-github-event: push",
                "x-github-delivery: hostile",
                "x-hub-signature-256: " + Post.signature(BODY)),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** A delivery with that head, which is sent as it comes. */
  static Attack push(String name, String... head) {
    return opened(name, split(block(head)), frame(DATA, END_STREAM, 1, BODY));
  }

  private static byte[] split(byte[] block) {
    int first = Math.min(block.length, 16_000);
    byte[] start = Arrays.copyOf(block, first);
    byte[] rest = Arrays.copyOfRange(block, first, block.length);
    return rest.length == 0
        ? frame(HEADERS, END_HEADERS, 1, start)
        : join(frame(HEADERS, 0, 1, start), frame(CONTINUATION, END_HEADERS, 1, rest));
  }

  private static byte[] request(int stream, String... head) {
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, block(head));
  }

  private static Attack opened(String name, byte[]... frames) {
    return new Attack(name, join(HELLO, join(frames)));
  }

  private static Attack attack(String name, byte[]... bytes) {
    return new Attack(name, join(bytes));
  }
}
