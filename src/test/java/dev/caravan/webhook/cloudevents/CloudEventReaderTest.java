package dev.caravan.webhook.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.delivery.Delivery;
import dev.caravan.webhook.Deliveries;
import dev.caravan.webhook.payload.PayloadOutline;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventReaderTest {
  /**
   * Event, payload (with ' for "), and what the adapter makes of them; 2026-03-04 is the receipt.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          push            | {'ref':'refs/heads/main','repository':{'url':'https://github.com/acme/web'}} | com.github.push | https://github.com/acme/web | refs/heads/main | 2026-03-04T05:06:07Z
          issues          | {'action':'opened','issue':{'id':9,'number':4,'updated_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.issues.opened | u | 4 | 2026-01-02T03:04:05Z
          issue_comment   | {'action':'created','issue':{'url':'i'},'comment':{'id':5,'updated_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.issue_comment.created | i | 5 | 2026-01-02T03:04:05Z
          check_run       | {'action':'created','check_run':{'id':128620228,'completed_at':null,'started_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.check_run.created | u | 128620228 | 2026-01-02T03:04:05Z
          commit_comment  | {'action':'created','comment':{'id':7,'url':'c','commit_id':'6113728'},'repository':{'url':'u'}} | com.github.commit_comment.created | c/6113728 | 7 | 2026-03-04T05:06:07Z
          release         | {'action':'published','release':{'id':11,'created_at':'2025-01-01T00:00:00Z','published_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.release.published | u | 11 | 2026-01-02T03:04:05Z
          repository      | {'action':'created','repository':{'name':'web','url':'u','owner':{'url':'o'},'updated_at':'2026-01-02T03:04:05Z'}} | com.github.repository.created | o | web | 2026-01-02T03:04:05Z
          organization    | {'action':'member_added','membership':{'user':{'login':'mona'}},'organization':{'url':'o'}} | com.github.organization.member_added | o | mona | 2026-03-04T05:06:07Z
          membership      | {'action':'added','member':{'login':'mona'},'team':{'url':'t'}} | com.github.membership.added | t | mona | 2026-03-04T05:06:07Z
          installation    | {'action':'created','installation':{'id':2,'updated_at':1557933591,'account':{'url':'a'}}} | com.github.installation.created | a | 2 | 2026-03-04T05:06:07Z
          marketplace_purchase | {'action':'purchased','effective_date':'2026-01-02T03:04:05+00:00','sender':{'url':'https://api.github.com/users/mona'},'marketplace_purchase':{'account':{'login':'mona'}}} | com.github.marketplace_purchase.purchased | https://api.github.com/users | mona | 2026-01-02T03:04:05+00:00
          star            | {'action':'created','starred_at':'2026-01-02T03:04:05Z','repository':{'url':'u'}} | com.github.star.created | u | | 2026-01-02T03:04:05Z
          workflow_run    | {'action':'completed','workflow_run':{'id':30433642,'updated_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.workflow_run.completed | u | 30433642 | 2026-01-02T03:04:05Z
          discussion      | {'action':'created','discussion':{'id':1,'number':90,'updated_at':'2026-01-02T03:04:05Z'},'repository':{'url':'u'}} | com.github.discussion.created | u | 90 | 2026-01-02T03:04:05Z
          security_advisory | {'action':'published','security_advisory':{'ghsa_id':'GHSA-1','updated_at':'2026-01-02T03:04:05Z'}} | com.github.security_advisory.published | github.com | GHSA-1 | 2026-01-02T03:04:05Z
          sponsorship     | {'action':'created','sender':{'url':'s'}} | com.github.sponsorship.created | s | | 2026-03-04T05:06:07Z
          projects_v2     | {'action':'edited','organization':{'url':'o'},'sender':{'url':'s'}} | com.github.projects_v2.edited | o | | 2026-03-04T05:06:07Z
          """)
  void followsTheAdapter(
      String event, String payload, String type, String source, String subject, String time) {
    Delivery delivery = Deliveries.json(event, payload.replace('\'', '"'));
    Message message = new DefaultMessage(new DefaultCamelContext());

    CloudEventReader.read(delivery).write(message);

    assertThat(message.getHeader("CamelCloudEventID")).isEqualTo(delivery.guid());
    assertThat(message.getHeader("CamelCloudEventType")).isEqualTo(type);
    assertThat(message.getHeader("CamelCloudEventSource")).isEqualTo(source);
    assertThat(message.getHeader("CamelCloudEventSubject")).isEqualTo(subject);
    assertThat(message.getHeader("CamelCloudEventTime")).isEqualTo(time);
    assertThat(message.getHeader("CamelCloudEventVersion")).isEqualTo("1.0");
  }

  @Test
  void anOutlineHasTextsAndNumbersAtItsPathsAndNothingFromArrays() {
    assertThat(
            outline(
                "{'b':[{'a':2}],'x':2,'d':{'e':{'f':{'a':3},'a':'4'},'a':[]},'c':{'a':null},'a':1.50}",
                List.of(
                    List.of("a"), List.of("b.a"), List.of("c.a", "d.a", "d.e.a"), List.of("d.e"))))
        .isEqualTo(Map.of("a", "1.50", "d.e.a", "4"));
  }

  @Test
  void theLastOfEqualNamesCountsInAnOutlineThatIsReadToItsEnd() {
    assertThat(outline("{'a':1,'a':2}", List.of(List.of("a"), List.of("z")))).hasToString("{a=2}");
    assertThat(outline("{'a':1,'a':null}", List.of(List.of("a"), List.of("z")))).isEmpty();
    assertThat(outline("{'b':{'a':1},'b':[]}", List.of(List.of("b.a"), List.of("z")))).isEmpty();
    assertThat(outline("{'b':{'a':1},'b':{}}", List.of(List.of("b.a"), List.of("z")))).isEmpty();
  }

  @Test
  void anOutlineIsReadUntilTheFirstChoiceOfEachValueIsThere() {
    assertThat(
            outline(
                "{'a':1,'b':{'c':2}, no JSON", List.of(List.of("b.c", "d"), List.of("a", "b.x"))))
        .isEqualTo(Map.of("a", "1", "b.c", "2"));
    assertThat(outline("{'d':1,'b':{'c':2}}", List.of(List.of("b.c", "d"))))
        .isEqualTo(Map.of("d", "1", "b.c", "2"));
    assertThatThrownBy(() -> outline("{'d':1, no JSON", List.of(List.of("b.c", "d"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anOutlineOfNothingIsEmpty() {
    assertThat(outline("{}", List.of(List.of("a")))).isEmpty();
    assertThat(outline("{'a':1}", List.of())).isEmpty();
    assertThat(outline("{'a':1}", List.of(List.of()))).isEmpty();
  }

  private static Map<String, String> outline(String payload, List<List<String>> wanted) {
    return PayloadOutline.read(payload.replace('\'', '"').getBytes(UTF_8), wanted);
  }
}
