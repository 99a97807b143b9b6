package dev.caravan.routes.source;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A YAML route file as a tree, for mistakes that Camel's reader ignores or gives no line for. */
public final class YamlText {
  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  /** The steps that may have a text on their line. */
  private static final Set<String> TAKES_TEXT =
      Set.of(
          "to",
          "toD",
          "log",
          "bean",
          "convertBodyTo",
          "removeHeader",
          "removeHeaders",
          "removeProperty",
          "removeProperties",
          "removeVariable",
          "rollback",
          "routingSlip",
          "poll",
          "kamelet",
          "sample",
          "serviceCall");

  /** The steps that use the value of an expression. */
  private static final Set<String> TAKES_EXPRESSION =
      Set.of(
          "setBody",
          "transform",
          "script",
          "delay",
          "filter",
          "validate",
          "split",
          "loop",
          "sort",
          "throttle",
          "enrich",
          "pollEnrich",
          "dynamicRouter",
          "recipientList",
          "resequence",
          "when",
          "setHeader",
          "setProperty",
          "setVariable",
          "idempotentConsumer");

  private final @Nullable Node root;

  public YamlText(String text) {
    root = root(text);
  }

  /** The text as a tree; null when it is not one. */
  public static @Nullable Node root(String text) {
    try {
      return read(text);
    } catch (YamlEngineException e) {
      return null; // Camel's reader reports that, with the line
    }
  }

  /**
   * The text as a tree; null when it contains only comments.
   *
   * @throws IllegalStateException with a sentence for the author when it is not YAML
   */
  public static @Nullable Node rootOrRefusal(String text) {
    try {
      return read(text);
    } catch (MarkedYamlEngineException e) {
      throw new IllegalStateException(
          "line %d: %s"
              .formatted(
                  e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1), e.getProblem()),
          e);
    } catch (YamlEngineException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static @Nullable Node read(String text) {
    return new Composer(SETTINGS, new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text)))
        .getSingleNode()
        .orElse(null);
  }

  /**
   * Refuses what Camel would ignore silently.
   *
   * @throws IllegalStateException with a sentence for the author
   */
  public void check() {
    if (root instanceof MappingNode file && !file.getValue().isEmpty()) {
      Node first = file.getValue().get(0).getKeyNode();
      throw new IllegalStateException(
          "line %d: a route file is a list, and %s: is not an item of one. Write - %s: and indent what is under it"
              .formatted(line(first), text(first), text(first)));
    }
    refuseTwice(root);
  }

  /** Refuses a key that is there twice: the first would be ignored. */
  private static void refuseTwice(@Nullable Node node) {
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(YamlText::refuseTwice);
    } else if (node instanceof MappingNode map) {
      Set<String> keys = new HashSet<>();
      for (NodeTuple entry : map.getValue()) {
        if (!keys.add(text(entry.getKeyNode()))) {
          throw new IllegalStateException(
              "line %d: %s: is there twice in one place. Write it once"
                  .formatted(line(entry.getKeyNode()), text(entry.getKeyNode())));
        }
        refuseTwice(entry.getValueNode());
      }
    }
  }

  /** A sentence for a text where Camel wants parameters, since Camel does not name the step. */
  public Optional<String> textForParameters() {
    return Optional.ofNullable(textForParameters(root));
  }

  private static @Nullable String textForParameters(@Nullable Node node) {
    if (node instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        String found = step(item);
        if (found != null) {
          return found;
        }
      }
    } else if (node instanceof MappingNode map) {
      for (NodeTuple entry : map.getValue()) {
        String found = textForParameters(entry.getValueNode());
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable String step(Node item) {
    if (item instanceof MappingNode step && step.getValue().size() == 1) {
      NodeTuple entry = step.getValue().get(0);
      String name = text(entry.getKeyNode());
      if (entry.getValueNode() instanceof ScalarNode && !TAKES_TEXT.contains(name)) {
        return TAKES_EXPRESSION.contains(name)
            ? "line %d: %s does not take a text as it is. Write %s: { constant: \"…\" }, or simple: for an expression"
                .formatted(line(item), name, name)
            : "line %d: %s takes no text. Write its parameters under it, or %s: {} when there are none"
                .formatted(line(item), name, name);
      }
    }
    return textForParameters(item);
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
