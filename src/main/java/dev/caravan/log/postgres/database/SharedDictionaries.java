package dev.caravan.log.postgres.database;

import dev.caravan.log.content.Dictionaries;
import dev.caravan.log.reading.DictionaryTraining;
import java.sql.SQLException;

/** Keeps dictionaries in the database; if two nodes learn at once, the first one's is used. */
public record SharedDictionaries(Sessions sessions, Dictionaries dictionaries)
    implements DictionaryTraining.Keeper {
  private static final String IS_THERE_ALREADY = "23505";

  @Override
  public boolean keep(int id, byte[] bytes, long trainedTo) throws SQLException {
    try {
      return sessions.run(
          connection -> {
            Dictionaries.insert(connection, id, bytes, trainedTo);
            return true;
          });
    } catch (SQLException e) {
      if (!IS_THERE_ALREADY.equals(e.getSQLState())) {
        throw e;
      }
      return sessions.run(
          connection -> {
            dictionaries.load(connection);
            return false;
          });
    }
  }
}
