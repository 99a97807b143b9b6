package dev.caravan.routes.shared;

import dev.caravan.routes.source.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Which of the given names a file uses, in the ways that Camel lets a route name a definition: as a
 * whole value (or one of a list with commas), as {@code #name} or {@code #bean:name}, or after
 * {@code bean:}, {@code ref:} or {@code kamelet:}.
 *
 * <p>A name in the middle of a text or in a comment does not count.
 */
final class SaidNames {
  private static final Pattern TEXT_OF_JAVA = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
  private static final Pattern NAMED =
      Pattern.compile("(?:#(?:bean:)?|\\b(?:bean|ref|kamelet):(?://)?)([A-Za-z0-9_.-]+)");

  private SaidNames() {}

  /** The names that a route file uses. */
  static Set<String> in(String file, String text, Set<String> offered) {
    if (file.endsWith(".yaml")) {
      return in(YamlText.root(text), offered);
    }
    Set<String> said = new TreeSet<>();
    Matcher texts = TEXT_OF_JAVA.matcher(text);
    while (texts.find()) {
      add(texts.group(1), offered, said);
    }
    return said;
  }

  /** The names that a part of a YAML file uses. */
  static Set<String> in(@Nullable Node node, Set<String> offered) {
    Set<String> said = new TreeSet<>();
    List<Node> next = new ArrayList<>();
    if (node != null) {
      next.add(node);
    }
    while (!next.isEmpty()) {
      Node each = next.remove(next.size() - 1);
      if (each instanceof ScalarNode scalar) {
        add(scalar.getValue(), offered, said);
      } else if (each instanceof SequenceNode list) {
        next.addAll(list.getValue());
      } else if (each instanceof MappingNode map) {
        map.getValue().stream().map(NodeTuple::getValueNode).forEach(next::add);
      }
    }
    return said;
  }

  private static void add(String text, Set<String> offered, Set<String> said) {
    for (String part : text.split(",", -1)) {
      keep(part.strip(), offered, said);
    }
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      String name = named.group(1);
      // ${bean:clock.now} is the method of a bean
      keep(name, offered, said);
      keep(name.replaceFirst("\\..*", ""), offered, said);
    }
  }

  private static void keep(String name, Set<String> offered, Set<String> said) {
    if (offered.contains(name)) {
      said.add(name);
    }
  }
}
