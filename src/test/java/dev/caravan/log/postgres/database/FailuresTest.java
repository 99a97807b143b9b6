package dev.caravan.log.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  /** No connection, a password, a right, a schema or table that is missing, a full disk, a bug. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "08006", "28P01", "28000", "3D000", "3F000", "40001", "42501", "42P01", "42883",
        "53100", "55P03", "57014", "57P01", "XX000"
      })
  void whatIsWrongWithTheDatabaseIsNoFaultOfWhatIsWritten(String state) {
    assertThat(Failures.isPassing(new SQLException("refused", state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22P05", "23505", "23514", "54000"})
  void aRefusedValueIsNoPassingFailure(String state) {
    assertThat(Failures.isPassing(new SQLException("refused", state))).isFalse();
  }
}
