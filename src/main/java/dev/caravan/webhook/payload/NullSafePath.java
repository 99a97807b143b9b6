package dev.caravan.webhook.payload;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;
import org.apache.camel.util.KeyValueHolder;
import org.apache.camel.util.OgnlHelper;
import org.apache.camel.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * A path from a map or a list to what lies in it, such as {@code [head_commit][message]}, {@code
 * .head_commit.message} or {@code [commits][last][message].trim()}. If something on the way is null
 * or missing, the result is null: payloads of one event do not always have the same members.
 */
final class NullSafePath extends ExpressionAdapter {
  private static final Pattern FROM_THE_END = Pattern.compile("last(?:\\s*-\\s*(\\d{1,9}))?");
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  /** Names after a dot that are method calls unless a map has that key: {@code .size}. */
  private static final Set<String> METHODS_OF_A_MAP =
      Arrays.stream(Map.class.getMethods())
          .filter(method -> method.getParameterCount() == 0)
          .map(Method::getName)
          .collect(Collectors.toUnmodifiableSet());

  private final Object root;
  private final String path;
  private final BiFunction<Object, String, Expression> camels;

  NullSafePath(Object root, String path, BiFunction<Object, String, Expression> camels) {
    this.root = root;
    this.path = path;
    this.camels = camels;
  }

  @Override
  public @Nullable Object evaluate(Exchange exchange) {
    Object value = root;
    for (String written : OgnlHelper.splitOgnl(path)) {
      String step = OgnlHelper.removeLeadingOperators(written);
      KeyValueHolder<String, String> indexed = OgnlHelper.isOgnlIndex(step);
      String name = indexed == null ? step : indexed.getKey();
      String key = indexed == null ? null : indexed.getValue();
      if (name != null) {
        value = named(value, name, exchange);
      }
      if (value != null && key != null) {
        value = at(value, key, exchange);
      }
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  /** The value of a name after a dot: a key of a map, otherwise a method. */
  private @Nullable Object named(Object value, String name, Exchange exchange) {
    if (value instanceof Map<?, ?> map
        && (map.containsKey(name) || !(name.contains("(") || METHODS_OF_A_MAP.contains(name)))) {
      return map.get(name);
    }
    return camels(value, "." + name, exchange);
  }

  /** What stands in brackets: a key of a map, or an index into a list. */
  private @Nullable Object at(Object value, String written, Exchange exchange) {
    String key = key(written, exchange);
    if (key == null) {
      return null;
    }
    if (value instanceof Map<?, ?> map) {
      return map.get(key);
    }
    if (value instanceof List<?> list) {
      int index = index(key, list.size());
      return index >= 0 && index < list.size() ? list.get(index) : null;
    }
    if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
      return null; // has nothing inside
    }
    return camels(value, "?[" + key + "]", exchange);
  }

  private static @Nullable String key(String written, Exchange exchange) {
    String key = written;
    if (LanguageSupport.hasSimpleFunction(written)) {
      Expression simple = exchange.getContext().resolveLanguage("simple").createExpression(written);
      simple.init(exchange.getContext());
      key = simple.evaluate(exchange, String.class);
    }
    return key == null ? null : StringHelper.removeLeadingAndEndingQuotes(key.strip());
  }

  /** The index in a list of that size; -1 for a key that is no index. */
  private static int index(String key, int size) {
    if (INDEX.matcher(key).matches()) {
      return Integer.parseInt(key);
    }
    Matcher last = FROM_THE_END.matcher(key);
    return !last.matches()
        ? -1
        : size - 1 - (last.group(1) == null ? 0 : Integer.parseInt(last.group(1)));
  }

  private @Nullable Object camels(Object value, String step, Exchange exchange) {
    return camels.apply(value, step).evaluate(exchange, Object.class);
  }

  @Override
  public String toString() {
    return path;
  }
}
