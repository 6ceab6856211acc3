package dynamodb

import (
	"fmt"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// invalid is the error of a request that can never be served.
func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: fmt.Sprintf(format, args...)}
}

// invalidValue is invalid with the sentence that DynamoDB puts before most
// complaints about values.
func invalidValue(format string, args ...any) *wire.Error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

// failed is an error of DynamoDB's own model.
func failed(name, message string) *wire.Error {
	return &wire.Error{Type: "com.amazonaws.dynamodb.v20120810#" + name, Message: message}
}

func wrongOperand() error {
	return invalid("An operand in the update expression has an incorrect data type")
}

// unsupported refuses what this DynamoDB does not have, so that nobody takes a
// wrong answer for AWS's.
func unsupported(what string) *wire.Error {
	return invalid("%s is not supported by the local AWS", what)
}

// constraint is the error of a member that AWS's model of the request forbids.
func constraint(value, member, rule string) *wire.Error {
	return invalid("1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s", value, member, rule)
}

func missing(member string) *wire.Error { return constraint("null", member, "not be null") }

// oneOf refuses a value that is none of those allowed; "" is the member left out.
func oneOf(member, value string, allowed ...string) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return constraint("'"+value+"'", member, "satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}
