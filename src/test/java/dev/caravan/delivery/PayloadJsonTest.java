package dev.caravan.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PayloadJsonTest {
  private static final int NAMES = 600;
  private static final int SAME = 0xffff;

  @Test
  void namesWithEqualHashesAreReadLikeOthers() throws Exception {
    JsonFactory factory = PayloadJson.factory().copy();
    StringBuilder json = new StringBuilder("{\"last\":0");
    for (String name : colliding(factory)) {
      json.append(",\"").append(name).append("\":0");
    }

    byte[] payload = json.append('}').toString().getBytes(US_ASCII);
    Map<?, ?> map = new ObjectMapper(factory).readValue(payload, Map.class);

    assertThat(map).hasSize(NAMES + 1);
  }

  /** Names of eight letters that all belong into one place of a factory's table of names. */
  private static Set<String> colliding(JsonFactory factory) throws ReflectiveOperationException {
    Field field = JsonFactory.class.getDeclaredField("_byteSymbolCanonicalizer");
    field.setAccessible(true);
    ByteQuadsCanonicalizer table = (ByteQuadsCanonicalizer) field.get(factory);
    Random random = new Random(1);
    Set<String> names = new TreeSet<>();
    while (names.size() < NAMES) {
      int first = letters(random);
      int second = letters(random);
      if ((table.calcHash(first, second) & SAME) == 0) {
        names.add(text(first) + text(second));
      }
    }
    return names;
  }

  private static int letters(Random random) {
    int quad = 0;
    for (int letter = 0; letter < 4; letter++) {
      quad = quad << 8 | 'a' + random.nextInt(26);
    }
    return quad;
  }

  private static String text(int quad) {
    return ""
        + (char) (quad >>> 24)
        + (char) (quad >> 16 & 0xff)
        + (char) (quad >> 8 & 0xff)
        + (char) (quad & 0xff);
  }
}
