package dev.caravan.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportUnexpectedTest {
  @Test
  void aMessageThatQuotesAClientCannotForgeALogLine() {
    String report =
        ReportUnexpected.describe(
            new IllegalStateException(
                "bad \n2026-01-01 INFO all is well\u001b[2J" + "x".repeat(9999)));

    assertThat(report.lines().findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith(
                        "java.lang.IllegalStateException: bad ?2026-01-01 INFO all is well?[2J")
                    .hasSizeLessThan(400));
    assertThat(report.lines().skip(1)).allMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void anExceptionWithoutAMessageIsReportedToo() {
    assertThat(ReportUnexpected.describe(new NullPointerException()))
        .startsWith("java.lang.NullPointerException: null\n\tat ");
  }
}
