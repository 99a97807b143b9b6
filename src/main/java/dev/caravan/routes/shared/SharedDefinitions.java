package dev.caravan.routes.shared;

import dev.caravan.routes.problem.RouteFileNames;
import dev.caravan.routes.source.SharedPart;
import dev.caravan.routes.source.YamlText;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What a YAML file defines under a name for others to use, and in which lines. */
final class SharedDefinitions {
  private static final Map<String, String> KINDS =
      Map.of(
          "routeConfiguration", "routeConfiguration",
          "route-configuration", "routeConfiguration",
          "routeTemplate", "routeTemplate",
          "route-template", "routeTemplate",
          "beans", "beans");

  private final String file;
  private final List<String> lines;
  private final Map<String, Definition> definitions = new TreeMap<>();

  /**
   * @param firstLine its first line in the file, from 0
   * @param around for a bean, the line where its list begins; otherwise the first line
   */
  private record Definition(int around, int firstLine, int lastLine, Node node) {}

  private SharedDefinitions(String file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** The definitions in a route file, whatever else it contains; none when it cannot be read. */
  static SharedDefinitions inRouteFile(String file, String text) {
    SharedDefinitions found = new SharedDefinitions(file, text.lines().toList());
    if (file.endsWith(".yaml") && YamlText.root(text) instanceof SequenceNode list) {
      found.addAll(list, false);
    }
    return found;
  }

  /**
   * The definitions of a shared file.
   *
   * @throws IllegalStateException with a sentence for the author when it contains anything else
   */
  static SharedDefinitions inSharedFile(String file, String text) {
    Node root = YamlText.rootOrRefusal(text);
    if (root == null) { // comments at most: probably cut off rather than intended
      throw new IllegalStateException("it is empty. To offer nothing any more, delete the file");
    }
    SharedDefinitions found = new SharedDefinitions(file, text.lines().toList());
    if (RouteFileNames.isKamelet(file)) {
      String name =
          file.substring(
              file.lastIndexOf('/') + 1, file.length() - RouteFileNames.KAMELET.length());
      String said = text(member(member(root, "metadata"), "name"));
      if (!name.equals(said)) {
        throw new IllegalStateException(
            "its metadata: has the name '%s', and Camel looks for a Kamelet by its file's name. Write name: %s"
                .formatted(said, name));
      }
      found.definitions.put(name, new Definition(0, 0, found.lines.size() - 1, root));
      return found;
    }
    new YamlText(text).check();
    if (!(root instanceof SequenceNode list)) {
      throw new IllegalStateException(
          "line %d: a shared file is a list of definitions. Write one per item, such as - routeTemplate:"
              .formatted(line(root) + 1));
    }
    found.addAll(list, true);
    return found;
  }

  private void addAll(SequenceNode list, boolean isStrict) {
    List<Node> items = list.getValue();
    for (int index = 0; index < items.size(); index++) {
      Node item = items.get(index);
      int last = index + 1 < items.size() ? line(items.get(index + 1)) - 1 : lines.size() - 1;
      if (item instanceof MappingNode map && map.getValue().size() == 1) {
        NodeTuple entry = map.getValue().get(0);
        add(text(entry.getKeyNode()), entry.getValueNode(), line(item), last, isStrict);
      } else if (isStrict) {
        throw new IllegalStateException(
            "line %d: this is not a definition. Write one per item, such as - routeTemplate:"
                .formatted(line(item) + 1));
      }
    }
  }

  private void add(String key, Node value, int first, int last, boolean isStrict) {
    String kind = KINDS.get(key);
    if (kind == null) {
      if (isStrict) {
        throw new IllegalStateException(
            "line %d: %s: is not shared. A file here offers what others name: routeConfiguration, routeTemplate and beans. %s"
                .formatted(
                    first + 1,
                    key,
                    key.startsWith("route") || key.startsWith("templated") || key.equals("from")
                        ? "Move a route into routes/ itself"
                        : "Put it under a routeConfiguration with an id, or into the file that it is for"));
      }
    } else if (kind.equals("beans")) {
      addBeans(value, first, last, isStrict);
    } else {
      put(
          text(member(value, "id")),
          kind,
          "id",
          new Definition(first, first, last, value),
          isStrict);
    }
  }

  private void addBeans(Node value, int first, int last, boolean isStrict) {
    List<Node> beans = value instanceof SequenceNode list ? list.getValue() : List.of();
    if (beans.isEmpty() && isStrict) {
      throw new IllegalStateException(
          "line %d: beans: has no list under it. Write - name: and - type: for each, or take beans: out"
              .formatted(first + 1));
    }
    for (int index = 0; index < beans.size(); index++) {
      Node bean = beans.get(index);
      int end = index + 1 < beans.size() ? line(beans.get(index + 1)) - 1 : last;
      put(
          text(member(bean, "name")),
          "bean",
          "name",
          new Definition(first, line(bean), end, bean),
          isStrict);
    }
  }

  private void put(
      String name, String kind, String member, Definition definition, boolean isStrict) {
    if (name.isEmpty()) {
      if (isStrict) {
        throw new IllegalStateException(
            "line %d: the %s has no %s, so nobody can name it. Write one"
                .formatted(definition.firstLine() + 1, kind, member));
      }
    } else if (definitions.put(name, definition) != null && isStrict) {
      throw new IllegalStateException(
          "line %d: '%s' is defined twice. Give one of them another name"
              .formatted(definition.firstLine() + 1, name));
    }
  }

  /** Its path within the routes directory. */
  String file() {
    return file;
  }

  /** The names that it defines. */
  Set<String> names() {
    return definitions.keySet();
  }

  /** Which of these names a definition uses itself. */
  Set<String> saidBy(String name, Set<String> offered) {
    Definition definition = definitions.get(name);
    return definition == null
        ? Set.of()
        : SaidNames.in(definition.node(), offered).stream()
            .filter(other -> !other.equals(name))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same file without these definitions. */
  SharedDefinitions without(Set<String> names) {
    SharedDefinitions rest = new SharedDefinitions(file, lines);
    rest.definitions.putAll(definitions);
    rest.definitions.keySet().removeAll(names);
    return rest;
  }

  /** The file with these definitions alone, in the lines where they were. */
  SharedPart only(Set<String> names) {
    BitSet kept = new BitSet();
    names.stream()
        .map(definitions::get)
        .forEach(
            definition -> {
              kept.set(definition.around());
              kept.set(definition.firstLine(), definition.lastLine() + 1);
            });
    List<String> text = new ArrayList<>();
    for (int line = 0; line < lines.size(); line++) {
      text.add(kept.get(line) ? lines.get(line) : "");
    }
    return new SharedPart(file, String.join("\n", text) + "\n");
  }

  /** The file without its beans, which Camel would create while reading. */
  String withoutBeans() {
    Set<String> others =
        definitions.entrySet().stream()
            .filter(each -> each.getValue().around() == each.getValue().firstLine())
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    return only(others).text();
  }

  private static @Nullable Node member(@Nullable Node node, String name) {
    if (node instanceof MappingNode map) {
      for (NodeTuple entry : map.getValue()) {
        if (text(entry.getKeyNode()).equals(name)) {
          return entry.getValueNode();
        }
      }
    }
    return null;
  }

  private static String text(@Nullable Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine()).orElse(0);
  }
}
