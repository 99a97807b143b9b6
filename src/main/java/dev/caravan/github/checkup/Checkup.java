package dev.caravan.github.checkup;

import java.util.ArrayList;
import java.util.List;

/** What was checked, and what is wrong. Not safe for use by several threads. */
public final class Checkup {
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> fine = new ArrayList<>();

  /**
   * Something that is wrong.
   *
   * @param about what it concerns, such as {@code hook 12 of acme/rocket}
   * @param problem what is wrong, a sentence without its full stop
   * @param remedy what to do about it: a sentence, or a command
   */
  public record Finding(String about, String problem, String remedy) {}

  /** Something is wrong. */
  public void found(String about, String problem, String remedy) {
    findings.add(new Finding(about, problem, remedy));
  }

  /** Something was checked and is in order. */
  public void fine(String sentence) {
    fine.add(sentence);
  }

  /** What is wrong, in the order in which it was found. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** What is in order. */
  public List<String> fine() {
    return List.copyOf(fine);
  }
}
