package dev.caravan.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Bodies that are hard to read, by what is hard about them. */
final class HostileBodies {
  private HostileBodies() {}

  /** Of content type JSON. */
  static Map<String, byte[]> json() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("empty", new byte[0]);
    all.put("a NUL", new byte[1]);
    all.put("NULs", new byte[100_000]);
    all.put("NULs behind it", "{}\0\0".getBytes(UTF_8));
    all.put(
        "objects, deep", ("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)).getBytes(UTF_8));
    all.put("arrays, deep", ("{\"a\":" + "[".repeat(100_000)).getBytes(UTF_8));
    all.put("arrays, as deep as may be", nested(63));
    all.put("arrays, one deeper", nested(64));
    for (String bad :
        List.of(
            "c0af",
            "c1bf",
            "e08080",
            "e09fbf",
            "f0808080",
            "f08fbfbf",
            "eda080",
            "edbfbf",
            "eda080edb080",
            "f4908080",
            "f8888080",
            "fcbf",
            "ff",
            "fe",
            "80",
            "bf",
            "c3",
            "e282",
            "f09f98",
            "c328",
            "e28228")) {
      all.put("the bytes " + bad + " within a string", within("{\"a\":\"", bad, "\"}"));
      all.put("the bytes " + bad + " at the end", within("{}", bad, ""));
    }
    all.put("a byte order mark", within("", "efbbbf", "{}"));
    all.put("UTF-16", "{}".getBytes(UTF_16LE));
    all.put("UTF-16 with a mark", "\ufeff{}".getBytes(UTF_16BE));
    all.put("UTF-32", within("", "0000007b0000007d", ""));
    for (String text :
        List.of(
            "{\"a\":\"\\ud800\"}",
            "{\"repository\":{\"name\":\"\\udfff\"},\"sender\":{\"login\":\"\\ud800\"}}",
            "{\"\\ud800\":1}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\u0000\\r\\n\"}",
            "{\"action\":\"a\\r\\nERROR forged\",\"ref\":\"\\u001b[31m\"}",
            "{\"a\":\"line\nbreak\"}",
            "{\"number\":" + "9".repeat(900) + "}",
            "{\"number\":" + "9".repeat(5000) + "}",
            "{\"a\":0" + "0".repeat(500) + "1}",
            "{\"a\":NaN}",
            "{\"a\":-Infinity}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":0x10}",
            "{\"a\":1,\"a\":2,\"a\":{}}",
            "{\"repository\":1,\"repository\":{\"full_name\":[]},\"repository\":null}",
            "{\"action\":{\"action\":{}},\"sender\":[[{\"login\":\"x\"}]]}",
            "{\"a\":1,}",
            "{,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1}//",
            "/**/{}",
            "{\"a\":tru}",
            "{}{}",
            "{}]",
            "\"{}\"",
            "null",
            "[]",
            "1",
            " \t\r\n{ } \t\r\n",
            "{\"\":\"\"}",
            "{\"" + "n".repeat(40_000) + "\":1}")) {
      all.put(text.substring(0, Math.min(text.length(), 40)), text.getBytes(UTF_8));
    }
    all.put("many names", names(5_000));
    // Names whose String.hashCode is the same: two to the power of sixteen of them.
    all.put("names of one hash code", collisions(16));
    return all;
  }

  /** Forms, each with whether it carries a payload that can be read. */
  static Map<String, Boolean> forms() {
    Map<String, Boolean> all = new LinkedHashMap<>();
    all.put("", false);
    all.put("payload", false);
    all.put("payload=", false);
    all.put("payload=%", false);
    all.put("payload=%7", false);
    all.put("payload=%7B%7", false);
    all.put("payload=%zz", false);
    all.put("payload=%7B%7D%", false);
    all.put("payload=%-1%7D", false);
    all.put("payload=%+7B%7D", false);
    all.put("payload=%7B%22a%22%3A%22%C0%AF%22%7D", false);
    all.put("payload=%00", false);
    all.put("payload=%EF%BB%BF%7B%7D", false);
    all.put("Payload=%7B%7D", false);
    all.put("%70ayload=%7B%7D", false);
    all.put("payload[]=%7B%7D", false);
    all.put("payload=[]&payload=%7B%7D", false);
    all.put("payload=%7B%7D&payload=[]", false);
    all.put("payload={}", true);
    all.put("payload=%7b+%7d", true);
    all.put("&&&=&==&%zz=%&payload=%7B%7D", false);
    all.put("x=y&".repeat(50_000) + "payload=%7B%7D", false);
    all.put("x=" + "%".repeat(500_000) + "&payload=%7B%7D", false);
    all.put("payload=%7B%7D&", false);
    all.put("&payload=%7B%7D", false);
    all.put("payload=%7B%22a%22:%22x&payload=%22%7D", false);
    all.put("payload=%7B%22a%22:%22%26payload=%22%7D", true);
    all.put("payload=".repeat(10_000), false);
    all.put("%".repeat(500_000), false);
    all.put("&".repeat(500_000), false);
    return all;
  }

  static byte[] compressed(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] nested(int arrays) {
    return ("{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(UTF_8);
  }

  private static byte[] within(String before, String hex, String after) {
    return (before + new String(HexFormat.of().parseHex(hex), ISO_8859_1) + after)
        .getBytes(ISO_8859_1);
  }

  private static byte[] names(int count) {
    StringBuilder text = new StringBuilder("{");
    for (int number = 0; number < count; number++) {
      text.append("\"name").append(number).append("\":").append(number).append(',');
    }
    return text.append("\"last\":0}").toString().getBytes(UTF_8);
  }

  private static byte[] collisions(int pairs) {
    StringBuilder text = new StringBuilder("{");
    for (int number = 0; number < 1 << pairs; number++) {
      text.append('"');
      for (int bit = 0; bit < pairs; bit++) {
        text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append("\":0,");
    }
    return text.append("\"last\":0}").toString().getBytes(UTF_8);
  }
}
