package dev.caravan.rehearsal;

import dev.caravan.rehearsal.stage.Send;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares what routes did with a delivery with what was expected. */
public final class Differences {
  private static final int LONGEST_BODY = 300;

  private final RouteTest test;
  private final List<Rehearsed> told;
  private final List<String> lines = new ArrayList<>();

  private Differences(RouteTest test, List<Rehearsed> told) {
    this.test = test;
    this.told = told;
    takers();
    failures();
    sends();
  }

  /** What is not as expected, a line each; empty when everything is. */
  public static List<String> between(RouteTest test, List<Rehearsed> told) {
    return List.copyOf(new Differences(test, told).lines);
  }

  private void takers() {
    List<String> expected = test.takenBy();
    if (expected == null) {
      return;
    }
    for (Rehearsed each : told) {
      boolean isExpected = expected.contains(each.route());
      if (isExpected && !each.isTaken()) {
        lines.add("%s does not take it: %s".formatted(each.route(), each.reason()));
      } else if (!isExpected && each.isTaken()) {
        lines.add("%s takes it".formatted(each.route()));
      }
    }
    TreeSet<String> missing = new TreeSet<>(expected);
    told.forEach(each -> missing.remove(each.route()));
    missing.forEach(each -> lines.add("there is no route " + each));
  }

  private void failures() {
    List<Rehearsed> failed = told.stream().filter(Differences::isFailure).toList();
    String part = test.fails();
    if (part == null) {
      failed.forEach(
          each ->
              lines.add(
                  "%s %s: %s".formatted(each.route(), each.verdict().words(), each.reason())));
    } else if (failed.stream().noneMatch(each -> each.reason().contains(part))) {
      lines.add(
          failed.isEmpty()
              ? "nothing fails, and '%s' was to".formatted(part)
              : "'%s' is not in the error: %s".formatted(part, failed.get(0).reason()));
    }
  }

  private static boolean isFailure(Rehearsed each) {
    return each.isTaken() && each.verdict() != Verdict.TAKEN;
  }

  private void sends() {
    List<ExpectedSend> expected = test.sent();
    if (expected == null) {
      return;
    }
    List<Send> left = new ArrayList<>();
    told.forEach(each -> left.addAll(each.sends()));
    for (ExpectedSend each : expected) {
      Send nearest = nearest(each, left);
      if (nearest == null) {
        lines.add("nothing is sent to " + each);
      } else {
        left.remove(nearest);
        each.differences(nearest)
            .forEach(
                difference ->
                    lines.add(
                        "sent to %s, but %s. The body: %s"
                            .formatted(nearest.address(), difference, beginning(nearest))));
      }
    }
    left.forEach(each -> lines.add("%s also sends to %s".formatted(each.route(), each.address())));
    int more = told.stream().mapToInt(Rehearsed::moreSends).sum();
    if (more > 0) {
      lines.add("%d more are sent".formatted(more));
    }
  }

  private static @Nullable Send nearest(ExpectedSend expected, List<Send> sends) {
    return sends.stream()
        .filter(expected::isMeant)
        .min(Comparator.comparingInt(send -> expected.differences(send).size()))
        .orElse(null);
  }

  private static String beginning(Send send) {
    String body = send.body();
    return body.length() <= LONGEST_BODY ? body : body.substring(0, LONGEST_BODY) + "…";
  }
}
