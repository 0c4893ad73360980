<#-- The pieces that patches.ftl refers to. -->
/**
 * The word after the colon of a script parameter. Any word will do, reserved ones too: what follows a colon can be nothing
 * else, and :from and :to are the names that people choose.
 */
JAVACODE
String ParameterName() {
    final Token word = getToken(1);
    if (!SqlNamedParameter.isName(word.image)) {
        throw new ParseException(token, new int[][] {{IDENTIFIER}}, tokenImage);
    }
    getNextToken();
    return word.image;
}

/** What must follow the word INTERVAL for it to start a literal or an interval expression; only ever looked ahead for. */
void IntervalStart() :
{
}
{
    <INTERVAL> [ <MINUS> | <PLUS> ]
    (
        SimpleStringLiteral()
    |
        (
            <LPAREN> Expression(ExprContext.ACCEPT_SUB_QUERY) <RPAREN>
        |
            UnsignedNumericLiteral()
        |
            CompoundIdentifier()
        )
        IntervalQualifierStart()
    )
}
