package dev.caravan.routes.context;

import com.jayway.jsonpath.JsonPath;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.jsonpath.easypredicate.EasyPredicateParser;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.ThrowExceptionDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds mistakes in steps that Camel accepts at first: something missing, which Camel reports
 * without naming the step, and expressions that Camel reads only when the route starts or at the
 * first delivery.
 */
final class StepRules {
  private static final Set<String> READ_LATE = Set.of("jsonpath", "jq", "xpath", "xquery");

  private StepRules() {}

  /**
   * Checks every step of a route.
   *
   * @throws IllegalStateException with a sentence for the author
   */
  static void check(RouteDefinition route, CamelContext context) {
    for (ProcessorDefinition<?> step :
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class)) {
      String lacks = lacks(step);
      if (lacks != null) {
        throw new IllegalStateException(
            "line %d: %s has no %s".formatted(step.getLineNumber(), step.getShortName(), lacks));
      }
      if (step instanceof ExpressionNode node
          && node.getExpression().getExpression() != null
          && READ_LATE.contains(node.getExpression().getLanguage())) {
        check(node.getExpression(), node.getLineNumber(), context);
      }
    }
  }

  /** What a step lacks; null if nothing. Camel would report it for the outermost enclosing step. */
  private static @Nullable String lacks(ProcessorDefinition<?> step) {
    if ((step instanceof ExpressionNode node && node.getExpression() == null)
        || (step instanceof ChoiceDefinition choice
            && choice.getWhenClauses().stream().anyMatch(when -> when.getExpression() == null))) {
      return "expression. Write one under it, such as simple: or jsonpath:";
    }
    if ((step instanceof SetHeaderDefinition header && header.getName() == null)
        || (step instanceof SetPropertyDefinition property && property.getName() == null)
        || (step instanceof SetVariableDefinition variable && variable.getName() == null)) {
      return "name. Write name: beside its expression";
    }
    if ((step instanceof MarshalDefinition marshal && marshal.getDataFormatType() == null)
        || (step instanceof UnmarshalDefinition unmarshal
            && unmarshal.getDataFormatType() == null)) {
      return "data format. Write one under it, such as json: {}";
    }
    if (step instanceof ThrowExceptionDefinition exception
        && exception.getRef() == null
        && exception.getException() == null
        && exception.getExceptionClass() == null
        && exception.getExceptionType() == null) {
      return "exception. Write exceptionType: java.lang.IllegalStateException, or another class";
    }
    return null;
  }

  private static void check(ExpressionDefinition expression, int line, CamelContext context) {
    String text = context.resolvePropertyPlaceholders(expression.getExpression().strip());
    try {
      if (!expression.getLanguage().equals("jsonpath")) {
        context.resolveLanguage(expression.getLanguage()).createExpression(text).init(context);
      } else if (!text.contains("${")) { // else it depends on the delivery
        JsonPath.compile(new EasyPredicateParser().parse(text));
      }
    } catch (NoSuchLanguageException e) {
      // Camel reports it when building the route
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "line %d: the %s expression cannot be read: %s"
              .formatted(line, expression.getLanguage(), reason(innermost(e))));
    }
  }

  private static @Nullable String reason(Throwable error) {
    return error instanceof IndexOutOfBoundsException // jsonpath of an open bracket
        ? "it ends too early"
        : error.getMessage();
  }

  private static Throwable innermost(Throwable error) {
    return error.getCause() == null ? error : innermost(error.getCause());
  }
}
