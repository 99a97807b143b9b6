package dev.caravan.webhook.payload;

import java.util.List;
import java.util.Map;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.bean.BeanLanguage;
import org.apache.camel.support.ExpressionToPredicateAdapter;
import org.apache.camel.util.OgnlHelper;

/**
 * Camel's language {@code bean}, with which {@code simple} looks into a value, such as {@code
 * [head_commit][message]} into a body. For maps and lists it uses {@link NullSafePath}; everything
 * else it leaves to Camel.
 *
 * <p>If the payload itself were null-safe, it would have to return an empty map for a null member:
 * {@code == null} would no longer hold, and the payload would be written with <code>{}
 * </code> where GitHub said null.
 */
final class NullSafeBeanLanguage extends BeanLanguage {
  /** Where Camel puts the object, and what to read from it, among the properties. */
  private static final int BEAN = 1;

  private static final int PATH = 2;

  private final boolean looksIntoAll;

  /**
   * @param looksIntoAll whether it is null-safe in every map and list, not only in payloads
   */
  NullSafeBeanLanguage(boolean looksIntoAll) {
    this.looksIntoAll = looksIntoAll;
  }

  @Override
  public Expression createExpression(String expression, Object[] properties) {
    Object root = property(Object.class, properties, BEAN, null);
    String path = property(String.class, properties, PATH, null);
    return isNullSafe(root) && OgnlHelper.isValidOgnlExpression(path)
        ? new NullSafePath(root, path, this::step)
        : super.createExpression(expression, properties);
  }

  private boolean isNullSafe(Object root) {
    return (root instanceof Map || root instanceof List)
        && (looksIntoAll || root instanceof JsonBody);
  }

  @Override
  public Predicate createPredicate(String expression, Object[] properties) {
    return ExpressionToPredicateAdapter.toPredicate(createExpression(expression, properties));
  }

  /** One step in Camel's own way: a method call, or a look into what is neither map nor list. */
  private Expression step(Object bean, String step) {
    return super.createExpression(null, new Object[] {null, bean, step});
  }
}
