package dev.caravan.github;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A repository as GitHub's lists show it: that of the sample events under another name. */
final class FakeRepository {
  private FakeRepository() {}

  static ObjectNode json(String name) {
    try (InputStream sample =
        FakeRepository.class.getResourceAsStream("/dev/caravan/samples/issues.json")) {
      ObjectNode repository = (ObjectNode) new ObjectMapper().readTree(sample).get("repository");
      return repository
          .put("full_name", name)
          .put("name", name.substring(name.indexOf('/') + 1))
          .put("archived", name.contains("archived"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
