package routes.source;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Tells apart what a failed query means, by the SQL standard's classes of SQLSTATE (ISO/IEC 9075-2, 24.1) and
 * PostgreSQL's 53 (no resources) and 57 (shut down by an operator). Pure functions.
 */
public final class SqlErrors {

  private SqlErrors() {}

  /** Whether the database is not there at the moment. */
  public static boolean unavailable(Exchange failed) {
    SQLException e = exception(failed);
    return e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException
        || List.of("08", "53", "57").contains(stateClass(e));
  }

  /** Whether the data of some rows is at fault, not the query and not the database. */
  public static boolean concernsRows(Exchange failed) {
    return stateClass(exception(failed)).equals("22");
  }

  /** An error handler finds it in a property; a doCatch that is still deciding, in the exchange. */
  private static SQLException exception(Exchange failed) {
    SQLException thrown = failed.getException(SQLException.class);
    return thrown == null ? failed.getProperty(Exchange.EXCEPTION_CAUGHT, SQLException.class) : thrown;
  }

  private static String stateClass(SQLException e) {
    return e == null || e.getSQLState() == null || e.getSQLState().length() < 2 ? "" : e.getSQLState().substring(0, 2);
  }
}
