package stepfunctions

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"orderops/aws/local/wire"
)

// namespace stands before the names of the service's own errors.
const namespace = "com.amazonaws.swf.service.v2.model#"

func refusal(name, format string, args ...any) *wire.Error {
	return &wire.Error{Type: namespace + name, Message: fmt.Sprintf(format, args...)}
}

func shuttingDown() *wire.Error {
	return &wire.Error{Status: http.StatusServiceUnavailable, Type: "ServiceUnavailable", Message: "The local AWS is shutting down"}
}

// invalid is a request that does not fit the API's model.
func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: "1 validation error detected: " + fmt.Sprintf(format, args...)}
}

// required refuses a member that is missing.
func required(value, member string) error {
	if value != "" {
		return nil
	}
	return invalid("Value at '%s' failed to satisfy constraint: Member must not be null", member)
}

// longest refuses a value above its greatest length in characters.
func longest(value, member string, most int) error {
	if utf8.RuneCountInString(value) <= most {
		return nil
	}
	return invalid("Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", value, member, most)
}

// oneOf refuses a value that is not of an enumeration.
func oneOf(value, member string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return invalid("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, member, strings.Join(values, ", "))
}

// checkName applies the rules for names of machines and executions.
func checkName(name string) error {
	if err := longest(name, "name", 80); err != nil {
		return err
	}
	bad := func(r rune) bool {
		return r <= ' ' || r >= 0x7f && r <= 0x9f || r == 0xfffd || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
	}
	if name == "" || strings.IndexFunc(name, bad) >= 0 {
		return refusal("InvalidName", "Invalid Name: '%s'", name)
	}
	return nil
}

// checkARN says whether text is an ARN of the service with the resource kind.
func checkARN(text, member, kind string) error {
	if err := cmp.Or(required(text, member), longest(text, member, 256)); err != nil {
		return err
	}
	part := strings.SplitN(text, ":", 7)
	var problem string
	switch {
	case part[0] != "arn":
		problem = "Invalid ARN prefix: " + text
	case len(part) < 7 || part[2] != "states":
		problem = "Invalid ARN: " + text
	case part[5] != kind:
		problem = "Resource type not valid in this context: " + part[5]
	default:
		return nil
	}
	return refusal("InvalidArn", "Invalid Arn: '%s'", problem)
}
