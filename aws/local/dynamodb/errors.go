package dynamodb

import (
	"fmt"
	"slices"

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

// unsupported refuses what this DynamoDB does not have.
func unsupported(what string) *wire.Error {
	return invalid("%s is not supported by the local AWS", what)
}

// oneOf refuses a member's value that is none of those; "" is the member left out.
func oneOf(member, value string, supported ...string) error {
	if value == "" || slices.Contains(supported, value) {
		return nil
	}
	return unsupported(member + " " + value)
}
