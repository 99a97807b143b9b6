package dev.caravan.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A page of keys, as S3 answers in XML.
 *
 * @param next what to ask for the next page with; empty for the last
 */
record S3Listing(List<String> keys, String next) {
  private static final int LONGEST = 300;

  static S3Listing read(InputStream xml) throws IOException {
    List<String> keys = new ArrayList<>();
    String next = "";
    try {
      XMLStreamReader reader = reader(xml);
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamReader.START_ELEMENT) {
          if (reader.getLocalName().equals("Key")) {
            keys.add(reader.getElementText());
          } else if (reader.getLocalName().equals("NextContinuationToken")) {
            next = reader.getElementText();
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("a listing of S3 cannot be read: " + e.getMessage(), e);
    }
    return new S3Listing(keys, next);
  }

  /** Code and message of an error; empty when it is not one of S3's. */
  static String error(InputStream xml) throws IOException {
    String code = "";
    String message = "";
    try {
      XMLStreamReader reader = reader(xml);
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamReader.START_ELEMENT) {
          switch (reader.getLocalName()) {
            case "Code" -> code = reader.getElementText();
            case "Message" -> message = reader.getElementText();
            default -> {}
          }
        }
      }
    } catch (XMLStreamException e) {
      // what was read up to there is what there is
    }
    String said = message.isEmpty() ? code : code + " (" + message + ")";
    return said.substring(0, Math.min(said.length(), LONGEST));
  }

  private static XMLStreamReader reader(InputStream xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory.createXMLStreamReader(xml);
  }
}
