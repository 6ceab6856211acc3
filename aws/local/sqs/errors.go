package sqs

import (
	"fmt"
	"net/http"

	"orderops/aws/local/wire"
)

// Errors that AWS models carry their shape's name; the others are sent under
// the generic names of its framework. The query code is what clients of either
// protocol see as the error code.
const (
	modelled  = "com.amazonaws.sqs#"
	framework = "com.amazon.coral.service#"
	queryCode = "AWS.SimpleQueueService."
)

func invalidParameter(format string, args ...any) *wire.Error {
	return &wire.Error{
		Type:      framework + "InvalidParameterValueException",
		QueryCode: "InvalidParameterValue",
		Message:   fmt.Sprintf(format, args...),
	}
}

func invalidValue(value any, parameter, reason string) *wire.Error {
	return invalidParameter("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func missingParameter(name string) *wire.Error {
	return &wire.Error{
		Type:      framework + "MissingRequiredParameterException",
		QueryCode: "MissingParameter",
		Message:   "The request must contain the parameter " + name + ".",
	}
}

func invalidAttributeName(message string) *wire.Error {
	return &wire.Error{Type: modelled + "InvalidAttributeName", QueryCode: "InvalidAttributeName", Message: message}
}

func invalidAttributeValue(name, reason string) *wire.Error {
	message := "Invalid value for the parameter " + name + "."
	if reason != "" {
		message += " Reason: " + reason
	}
	return &wire.Error{Type: modelled + "InvalidAttributeValue", QueryCode: "InvalidAttributeValue", Message: message}
}

func noQueue() *wire.Error {
	return &wire.Error{
		Type:      modelled + "QueueDoesNotExist",
		QueryCode: nonExistentQueue,
		Message:   "The specified queue does not exist.",
	}
}

// nonExistentQueue is also the failure reason of a move task whose queue is gone.
const nonExistentQueue = queryCode + "NonExistentQueue"

func unsupported(message string) *wire.Error {
	return &wire.Error{Type: modelled + "UnsupportedOperation", QueryCode: queryCode + "UnsupportedOperation", Message: message}
}

// refused is a modelled error whose query code has AWS's prefix.
func refused(status int, name, format string, args ...any) *wire.Error {
	return &wire.Error{Status: status, Type: modelled + name, QueryCode: queryCode + name, Message: fmt.Sprintf(format, args...)}
}

func noResource(message string) *wire.Error {
	return &wire.Error{
		Status:    http.StatusNotFound,
		Type:      modelled + "ResourceNotFoundException",
		QueryCode: "ResourceNotFoundException",
		Message:   message,
	}
}

func badHandle(handle string) *wire.Error {
	return &wire.Error{
		Status:    http.StatusNotFound,
		Type:      modelled + "ReceiptHandleIsInvalid",
		QueryCode: "ReceiptHandleIsInvalid",
		Message:   fmt.Sprintf("The input receipt handle %q is not a valid receipt handle.", handle),
	}
}

func overLimit() *wire.Error {
	return &wire.Error{
		Status:    http.StatusForbidden,
		Type:      modelled + "OverLimit",
		QueryCode: "OverLimit",
		Message:   "The maximum number of in flight messages is reached.",
	}
}

func shutDown() *wire.Error {
	return &wire.Error{
		Status:    http.StatusServiceUnavailable,
		Type:      framework + "ServiceUnavailableException",
		QueryCode: "ServiceUnavailable",
		Message:   "The local AWS is shutting down.",
	}
}
