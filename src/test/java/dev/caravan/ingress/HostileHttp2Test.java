package dev.caravan.ingress;

import static dev.caravan.ingress.Http2Frames.SETTINGS;
import static dev.caravan.ingress.Http2Frames.frame;
import static dev.caravan.ingress.Http2Frames.join;
import static dev.caravan.ingress.Http2Frames.preface;
import static dev.caravan.ingress.Http2Frames.setting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is sent where HTTP/2 is spoken is the sender's fault, and harms nobody else. */
class HostileHttp2Test {
  private static final Pattern ENDED = Pattern.compile(" (reset|closed)$");
  private static final Pattern REFUSED = Pattern.compile(" (4\\d\\d|reset|closed)$");

  private static AttackedServer attacked;

  @BeforeAll
  static void start() {
    attacked = AttackedServer.withHttp2();
  }

  @AfterAll
  static void stop() {
    attacked.close();
  }

  @Test
  void aDeliveryIsTakenIfNothingIsWrongWithIt() {
    assertThat(outcome(Http2Attacks.push("right", Http2Attacks.pushHead()))).isEqualTo("202");
    assertThat(attacked.log().has("hostile")).isTrue();
    attacked.log().forget("hostile");
  }

  @Test
  void aDeliveryWithAHeadThatIsWrongIsRefused() {
    refuses(Http2Attacks.heads(), REFUSED);

    attacked.assertUnharmed();
  }

  @Test
  void framesThatBreakTheRulesEndTheirStreamOrConnection() {
    refuses(Http2Attacks.frames(), ENDED);
    refuses(Http2Attacks.oddities(), REFUSED);

    attacked.assertUnharmed();
  }

  @Test
  void aClientThatFloodsUsIsCutOff() {
    attacked.together(
        Http2Attacks.floods().stream()
            .map(attack -> (Callable<Boolean>) () -> assertCutOff(attack))
            .toList());

    attacked.assertUnharmed();
  }

  @Test
  void aClientThatGrantsNoWindowForTheAnswersIsCutOff() {
    byte[] noWindow = frame(SETTINGS, 0, 0, setting(4, 0));
    byte[] requests = Http2Attacks.gets(50);

    assertCutOff(new Attack("no window", join(preface(), noWindow, requests)));
    attacked.assertUnharmed();
  }

  @Test
  @Tag("hostile")
  void roundAfterRoundOfAllOfThemLeavesNothingBehind() {
    attacked.repeatedly(
        15,
        () -> {
          refuses(Http2Attacks.heads(), REFUSED);
          refuses(Http2Attacks.frames(), ENDED);
          Http2Attacks.floods().forEach(HostileHttp2Test::assertCutOff);
        });
  }

  private static void refuses(List<Attack> attacks, Pattern how) {
    int before = attacked.log().appends();
    List<String> taken =
        attacked
            .together(
                attacks.stream()
                    .map(attack -> (Callable<String>) () -> attack.name() + " " + outcome(attack))
                    .toList())
            .stream()
            .filter(outcome -> !how.matcher(outcome).find())
            .toList();
    assertThat(taken).as("not refused").isEmpty();
    assertThat(attacked.log().appends()).as("deliveries taken").isEqualTo(before);
  }

  private static String outcome(Attack attack) {
    try (Http2Connection connection = new Http2Connection(attacked.server())) {
      connection.send(attack.bytes());
      return connection.outcome();
    } catch (AssertionError e) {
      throw new AssertionError(attack.name() + ": " + e.getMessage(), e);
    }
  }

  private static boolean assertCutOff(Attack attack) {
    try (Http2Connection connection = new Http2Connection(attacked.server())) {
      connection.send(attack.bytes());
      assertThat(connection.isEnded()).as(attack.name()).isTrue();
      return true;
    }
  }
}
