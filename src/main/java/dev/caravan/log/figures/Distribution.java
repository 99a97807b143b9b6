package dev.caravan.log.figures;

import java.util.List;

/**
 * How often values of each size occurred.
 *
 * @param upTo the largest value of each class, ascending
 * @param counts of each class, and last of the values larger than all of them
 * @param sum of all values
 */
public record Distribution(List<Double> upTo, List<Long> counts, double sum) {
  public Distribution {
    upTo = List.copyOf(upTo);
    counts = List.copyOf(counts);
  }
}
