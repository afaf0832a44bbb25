//! Every text that is kept anywhere, to look through: the tables are asked of the database, so that none can be forgotten.

use crate::testing::World;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";

const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
    JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
    AND c.data_type IN ('text', 'character', 'character varying', 'json', 'jsonb') ORDER BY 1, 2";

impl World {
    /// Each text of each row, with the table and column that it stands in.
    pub async fn texts(&self) -> Vec<(String, String)> {
        let is_sqlite = self.backend.system().db().get_database_backend() == DbBackend::Sqlite;
        let columns = if is_sqlite {
            SQLITE_COLUMNS
        } else {
            POSTGRES_COLUMNS
        };
        let mut all = Vec::new();
        for row in self.every(columns).await {
            let (table, column): (String, String) =
                (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            // A column of SQLite holds what it was given; what is no text there is none.
            let texts = if is_sqlite {
                format!("SELECT \"{column}\" FROM \"{table}\" WHERE typeof(\"{column}\") = 'text'")
            } else {
                format!("SELECT \"{column}\"::text FROM \"{table}\" WHERE \"{column}\" IS NOT NULL")
            };
            for text in self.every(&texts).await {
                let text: String = text.try_get_by_index(0).unwrap();
                all.push((format!("{table}.{column}"), text));
            }
        }
        all
    }

    #[expect(clippy::disallowed_methods, reason = "everybody's rows, to look through")]
    async fn every(&self, statement: &str) -> Vec<QueryResult> {
        let system = self.backend.system();
        let statement = Statement::from_string(system.db().get_database_backend(), statement);
        system.db().query_all_raw(statement).await.unwrap()
    }
}
