/**
 * CREATE TABLE [IF NOT EXISTS] name [(column, ...)] [PARTITIONED BY (expression [AS alias], ...)]
 * [SORTED BY (column, ...)] [WITH (key = literal, ...)] [AS query].
 */
SqlNode CreateTable() :
{
    final Span s;
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SqlNodeList columns;
    final SqlNodeList partitions;
    final SqlNodeList sortKey;
    final SqlNodeList tableOptions;
    final SqlNode query;
}
{
    <CREATE> { s = span(); } <TABLE>
    (
        LOOKAHEAD(3)
        <IF> <NOT> <EXISTS> { ifNotExists = true; }
    |   { ifNotExists = false; }
    )
    name = CompoundTableIdentifier()
    ( columns = ColumnDeclarations() | { columns = null; } )
    ( <PARTITIONED> <BY> partitions = PartitionExpressions() | { partitions = SqlNodeList.EMPTY; } )
    ( <SORTED> <BY> sortKey = ParenthesizedSimpleIdentifierList() | { sortKey = SqlNodeList.EMPTY; } )
    ( <WITH> tableOptions = TableOptions() | { tableOptions = SqlNodeList.EMPTY; } )
    ( <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) | { query = null; } )
    {
        return new SqlCreateTable(s.end(this), ifNotExists, name, columns, partitions, sortKey, tableOptions, query);
    }
}

SqlNodeList ColumnDeclarations() :
{
    final Span s;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <LPAREN> { s = span(); }
    AddColumnDeclaration(list)
    ( <COMMA> AddColumnDeclaration(list) )*
    <RPAREN> {
        return new SqlNodeList(list, s.end(this));
    }
}

void AddColumnDeclaration(List<SqlNode> list) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final boolean nullable;
}
{
    name = SimpleIdentifier()
    type = DataType()
    (
        <NOT> <NULL> { nullable = false; }
    |   <NULL> { nullable = true; }
    |   { nullable = true; }
    )
    {
        list.add(
            SqlDdlNodes.column(Span.of(name).end(this), name, type.withNullable(nullable), null,
                nullable ? ColumnStrategy.NULLABLE : ColumnStrategy.NOT_NULLABLE));
    }
}

SqlNodeList PartitionExpressions() :
{
    final Span s;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <LPAREN> { s = span(); }
    AddPartitionExpression(list)
    ( <COMMA> AddPartitionExpression(list) )*
    <RPAREN> {
        return new SqlNodeList(list, s.end(this));
    }
}

void AddPartitionExpression(List<SqlNode> list) :
{
    SqlNode e;
    final SqlIdentifier alias;
}
{
    e = Expression(ExprContext.ACCEPT_NON_QUERY)
    [
        <AS> alias = SimpleIdentifier() {
            e = SqlStdOperatorTable.AS.createCall(Span.of(e).end(this), e, alias);
        }
    ]
    { list.add(e); }
}

SqlNodeList TableOptions() :
{
    final Span s;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <LPAREN> { s = span(); }
    AddTableOption(list)
    ( <COMMA> AddTableOption(list) )*
    <RPAREN> {
        return new SqlNodeList(list, s.end(this));
    }
}

void AddTableOption(List<SqlNode> list) :
{
    final SqlIdentifier key;
    final SqlNode value;
}
{
    key = SimpleIdentifier()
    <EQ>
    ( value = NonIntervalLiteral() | value = DynamicParam() )
    {
        list.add(new SqlTableOption(Span.of(key).end(this), key, value));
    }
}

/** DROP TABLE [IF EXISTS] name. */
SqlDrop SqlDropTable(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier name;
}
{
    <TABLE>
    (
        LOOKAHEAD(2)
        <IF> <EXISTS> { ifExists = true; }
    |   { ifExists = false; }
    )
    name = CompoundTableIdentifier() {
        return SqlDdlNodes.dropTable(s.end(this), ifExists, name);
    }
}

/** KILL 'statement-id': stops a statement of this gateway. */
SqlNode SqlKill() :
{
    final Span s;
    final SqlNode statementId;
}
{
    <KILL> { s = span(); }
    ( statementId = StringLiteral() | statementId = DynamicParam() )
    {
        return new SqlKill(s.end(this), statementId);
    }
}
