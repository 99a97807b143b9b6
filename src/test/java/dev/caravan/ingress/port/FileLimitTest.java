package dev.caravan.ingress.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Strangers' connections must leave files for the program itself. */
class FileLimitTest {
  private static final int UNLIMITED = -1;

  @Test
  void connectionsThatFitBesideTheProgramsOwnFilesAreLetIn() {
    assertThat(new FileLimit(65_536).connections(1024)).isEqualTo(1024);
    assertThat(new FileLimit(UNLIMITED).connections(65_536)).isEqualTo(65_536);
    assertThat(FileLimit.ofThisProcess().connections(1)).isEqualTo(1);
  }

  @Test
  void thereAreNoMoreThanLeaveFilesForTheProgramItself() {
    assertThat(new FileLimit(65_536).connections(65_536)).isEqualTo(65_024);
    assertThat(new FileLimit(600).connections(1024)).isEqualTo(300);
  }
}
