package dev.caravan.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.OutputNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * A running route, for showing: as Camel describes it, and step by step. What may be a password is
 * left out; placeholders are as their author wrote them.
 *
 * @param yaml Camel's own dump
 * @param steps its beginning, then what it does
 */
public record ShownRoute(String yaml, List<Step> steps) {
  private static final String HIDDEN = "xxxxxx";
  private static final Pattern ENTRY = Pattern.compile("^(\\s*(?:- )?\"?([\\w.-]+)\"?: +)(\\S.*)$");
  private static final Pattern CREDENTIALS =
      Pattern.compile("\\b(Bearer|Basic|token) +[\\w.~+/=-]{8,}", Pattern.CASE_INSENSITIVE);
  private static final int LONGEST = 300;

  /**
   * One step.
   *
   * @param name its kind, in Camel's words: {@code to}, {@code choice}
   * @param label Camel's description of it
   * @param steps the steps within it
   */
  public record Step(String name, String label, List<Step> steps) {}

  static ShownRoute of(RouteDefinition route, CamelContext context) throws Exception {
    ModelToYAMLDumper dumper = PluginHelper.getModelToYAMLDumper(context);
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("from", shown(route.getInput().getEndpointUri()), List.of()));
    steps.addAll(steps(route.getOutputs()));
    return new ShownRoute(
        withoutSecrets(dumper.dumpModelAsYaml(context, route, false, true, false, false)), steps);
  }

  private static List<Step> steps(List<? extends OptionalIdentifiedDefinition<?>> definitions) {
    return definitions.stream()
        .filter(each -> !(each instanceof ProcessorDefinition<?> step && step.isAbstract()))
        .map(each -> new Step(each.getShortName(), shown(label(each)), steps(within(each))))
        .toList();
  }

  /** The branches of a step, as their author sees them; Camel has a choice's parts in one list. */
  private static List<? extends OptionalIdentifiedDefinition<?>> within(
      OptionalIdentifiedDefinition<?> step) {
    List<OptionalIdentifiedDefinition<?>> within = new ArrayList<>();
    if (step instanceof ChoiceDefinition choice) {
      within.addAll(choice.getWhenClauses());
      add(within, choice.getOtherwise());
    } else if (step instanceof TryDefinition attempt) {
      within.addAll(attempt.getOutputsWithoutCatches());
      within.addAll(attempt.getCatchClauses());
      add(within, attempt.getFinallyClause());
    } else if (step instanceof ProcessorDefinition<?> other) {
      within.addAll(other.getOutputs());
    } else if (step instanceof OutputNode branch) {
      within.addAll(branch.getOutputs());
    }
    if (step instanceof CircuitBreakerDefinition breaker) {
      add(within, breaker.getOnFallback());
    }
    return within;
  }

  private static void add(
      List<OptionalIdentifiedDefinition<?>> steps, @Nullable OptionalIdentifiedDefinition<?> step) {
    if (step != null && !steps.contains(step)) {
      steps.add(step);
    }
  }

  /**
   * What Camel says of a step, without the kind again: its label of a call is {@code to[http:…]}.
   */
  private static String label(OptionalIdentifiedDefinition<?> step) {
    String label = step.getLabel();
    String kind = step.getShortName() + "[";
    return label.startsWith(kind) && label.endsWith("]")
        ? label.substring(kind.length(), label.length() - 1)
        : label;
  }

  private static String shown(String label) {
    String clean = CREDENTIALS.matcher(URISupport.sanitizeUri(label)).replaceAll("$1 " + HIDDEN);
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + " …";
  }

  private static String withoutSecrets(String yaml) {
    StringBuilder text = new StringBuilder();
    yaml.lines().forEach(line -> text.append(withoutSecret(line)).append('\n'));
    return text.toString();
  }

  private static String withoutSecret(String line) {
    Matcher entry = ENTRY.matcher(line);
    boolean hides =
        entry.matches()
            && SensitiveUtils.containsSensitive(entry.group(2).toLowerCase(Locale.ROOT))
            && !entry.group(3).contains("{{");
    return hides
        ? entry.group(1) + HIDDEN
        : CREDENTIALS.matcher(URISupport.sanitizeUri(line)).replaceAll("$1 " + HIDDEN);
  }
}
