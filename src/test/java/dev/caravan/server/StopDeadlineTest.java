package dev.caravan.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.InvalidSettingException;
import dev.caravan.config.SettingSources;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopDeadlineTest {
  @ParameterizedTest
  @ValueSource(strings = {"0s", "999ms", "2h"})
  void aTimeThatIsNoneOrHasNoEndIsRefusedByName(String time) {
    assertThatThrownBy(
            () ->
                StopDeadline.from(
                    new SettingSources(Map.of()).read(null, Map.of("caravan.stop-timeout", time))))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("caravan.stop-timeout is '%s', which is not 1s to 1h.", time);
  }
}
