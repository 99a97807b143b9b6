package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Random;

/**
 * Payloads that are JSON more often than not, in every odd way that JSON allows: names twice,
 * escaped letters, half a surrogate pair, huge numbers, an object where a text belongs. The same
 * seed gives the same ones.
 */
final class OddPayloads {
  private static final List<String> NAMES =
      List.of(
          "action",
          "ref",
          "ref_type",
          "number",
          "issue",
          "pull_request",
          "sender",
          "login",
          "repository",
          "full_name",
          "owner",
          "organization",
          "installation",
          "id",
          "account",
          "sponsorship",
          "sponsorable",
          "changes",
          "from",
          "commits",
          "added",
          "head_commit",
          "comment",
          "check_run",
          "branches",
          "name",
          "url",
          "zen",
          "hook_id",
          "before",
          "after",
          "",
          "\\ud800",
          "\\u0000",
          "é",
          "𝄞",
          "payload");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "1",
          "-1",
          "1.0",
          "1e5",
          "1E+400",
          "-0.0",
          "1e-999",
          "1e-1001",
          "1.5e1000",
          "1e2147483647",
          "1e2147483648",
          "1e-2147483648",
          "1e99999999999999999999",
          "9007199254740993",
          "9223372036854775808",
          "1".repeat(255),
          "1".repeat(257),
          "1".repeat(1001),
          "0." + "3".repeat(900),
          "01",
          "NaN",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "\"\"",
          "\"acme\"",
          "\"evil\"",
          "\"acme/rocket\"",
          "\"evil/x\"",
          "\"acme/../x\"",
          "\"opened\"",
          "\"renamed\"",
          "\"branch\"",
          "\"tag\"",
          "\"main\"",
          "\"refs/heads/main\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\ud83d\\ude80\"",
          "\"🚀\"",
          "\"\\u0000\"",
          "\"a\\u202eb\"",
          "\"\\u00e9\\/\\b\\n\"",
          "\"\\x\"",
          "\"x\ny\"",
          "\"&payload={}&\"",
          "\"" + "x".repeat(256) + "\"",
          "\"" + "é".repeat(257) + "\"",
          "\"\ufeff\"",
          "\"\u2028\"");
  private static final List<String> BLANKS = List.of("", "", "", "", " ", "\n", "\t\r\n", "\u000b");
  private static final int DEEPEST = 5;
  private static final int NESTING = 1002;

  private final Random random;
  private final Mutations mutations;

  OddPayloads(long seed) {
    random = new Random(seed);
    mutations = new Mutations(seed);
  }

  /** A body. */
  byte[] next() {
    byte[] body =
        oneIn(4) ? mutations.next().payload() : (blank() + object(0) + blank()).getBytes(UTF_8);
    if (oneIn(12)) {
      body = mutations.changed(body);
    }
    if (oneIn(8)) {
      String field = URLEncoder.encode(new String(body, UTF_8), UTF_8);
      body = ("payload=" + field).getBytes(UTF_8);
      return oneIn(4) ? mutations.changed(body) : body;
    }
    return oneIn(40) ? ("\ufeff" + new String(body, UTF_8)).getBytes(UTF_8) : body;
  }

  private String object(int depth) {
    StringBuilder object = new StringBuilder("{");
    for (int left = random.nextInt(depth == 0 ? 12 : 4); left > 0; left--) {
      object.append(blank()).append('"').append(name()).append('"').append(blank());
      object.append(':').append(blank()).append(value(depth)).append(blank());
      object.append(left > 1 || oneIn(200) ? "," : "");
    }
    return object.append('}').toString();
  }

  private String value(int depth) {
    if (oneIn(200)) {
      int levels = NESTING - random.nextInt(6) - depth;
      return "[".repeat(levels) + "]".repeat(levels);
    }
    if (depth < DEEPEST && oneIn(2)) {
      return oneIn(6) ? "[" + object(depth + 1) + "]" : object(depth + 1);
    }
    return any(VALUES);
  }

  /** One that is looked for, now and then with a letter escaped. */
  private String name() {
    String name = any(NAMES);
    if (name.isEmpty() || name.charAt(0) > 'z' || name.charAt(0) == '\\' || !oneIn(6)) {
      return name;
    }
    int at = random.nextInt(name.length());
    String escaped = "\\u%04x".formatted((int) name.charAt(at));
    return name.substring(0, at) + escaped + name.substring(at + 1);
  }

  /** Nearly always one that JSON knows. */
  private String blank() {
    String blank = any(BLANKS);
    return blank.equals("\u000b") && !oneIn(50) ? "" : blank;
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
