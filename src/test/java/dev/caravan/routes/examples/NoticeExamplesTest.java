package dev.caravan.routes.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.notices.Notice;
import dev.caravan.notices.Notice.State;
import dev.caravan.notices.NoticeKind;
import dev.caravan.notices.Notices;
import dev.caravan.routes.examples.HttpPeer.Request;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that tell people what happens to Caravan itself. */
class NoticeExamplesTest {
  private static final Notice DEAD =
      notice(NoticeKind.DEAD_LETTER, State.HAPPENED, "\"ci\" has given up on push: down.");
  private static final Notice FULL =
      notice(
          NoticeKind.TROUBLE, State.BEGAN, "Caravan cannot accept deliveries: the disk is full.");

  private final Notices notices = new Notices();

  @TempDir private Path data;

  @Test
  void tellSlackPostsEachAsAText() throws Exception {
    try (HttpPeer slack = new HttpPeer();
        RunningExample example =
            example("examples/tell-slack.camel.yaml", Map.of("slack.url", slack.url()))) {
      assertThat(example).isNotNull();
      notices.tell(DEAD);

      Request request = slack.next();
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(new ObjectMapper().readTree(request.body()).path("text").asText())
          .isEqualTo(DEAD.text());
      request.carriesNoHeaderBut();
    }
  }

  @Test
  void aNoticeThatSlackRefusesIsLostAndTheNextIsSent() throws Exception {
    try (HttpPeer slack = new HttpPeer();
        RunningExample example =
            example("examples/tell-slack.camel.yaml", Map.of("slack.url", slack.url()))) {
      assertThat(example).isNotNull();
      slack.answer(500);
      notices.tell(DEAD);
      slack.next();
      slack.answer(200);

      notices.tell(FULL);

      assertThat(new ObjectMapper().readTree(slack.next().body()).path("text").asText())
          .isEqualTo(FULL.text());
    }
  }

  @Test
  void mailTroubleMailsTroubleAndNoDeadLetters() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try (RunningExample example =
        example(
            "examples/mail-trouble.camel.yaml",
            Map.of("smtp.port", Integer.toString(server.getSmtp().getPort())))) {
      assertThat(example).isNotNull();
      notices.tell(DEAD);
      notices.tell(FULL);

      assertThat(server.waitForIncomingEmail(10_000, 1)).isTrue();
      MimeMessage[] mails = server.getReceivedMessages();
      assertThat(mails).hasSize(1);
      assertThat(mails[0].getSubject()).isEqualTo("Caravan: trouble began");
      assertThat(mails[0].getContent().toString().strip()).isEqualTo(FULL.text());
    } finally {
      server.stop();
    }
  }

  private RunningExample example(String file, Map<String, String> properties) throws Exception {
    return new RunningExample(file, data, properties, Map.of("notices", notices));
  }

  private static Notice notice(NoticeKind kind, State state, String text) {
    return new Notice(kind, state, Instant.now(), text, Map.of("subscription", "ci"));
  }
}
