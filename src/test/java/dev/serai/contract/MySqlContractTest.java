package dev.serai.contract;

/** Against a MariaDB, which speaks the same protocol and almost the same SQL. */
class MySqlContractTest extends MariaDbContractTest {
    @Override
    public String type() {
        return "mysql";
    }
}
