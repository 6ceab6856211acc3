// Package dynamodb is a DynamoDB in this process: tables with global secondary
// indexes, items, expressions, queries and scans over AWS JSON 1.0, with AWS's
// own error messages.
//
// It has what the order system and its operators use. Every other operation,
// parameter and function is refused by name: transactions, streams, PartiQL,
// deletes and batch writes, parallel scans, filters, projections, the values
// that an update changed, and the parameters from before expressions. Expressions
// compare and copy whole attributes; they don't calculate and don't look into
// lists and maps.
package dynamodb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service serves one account's tables. It is safe for concurrent use.
type Service struct {
	*wire.Service
	id *identity.Identity

	mu     sync.Mutex
	tables map[string]*table
}

// New makes a service without tables.
func New(id *identity.Identity) *Service {
	s := &Service{id: id, tables: map[string]*table{}}
	s.Service = &wire.Service{
		Protocol: wire.JSON("1.0", "DynamoDB_20120810"),
		NewID:    id.PassingID,
		Operations: map[string]wire.Operation{
			"CreateTable":   serve(s, s.createTable),
			"DeleteTable":   serve(s, s.deleteTable),
			"DescribeTable": serve(s, s.describeTable),
			"ListTables":    serve(s, s.listTables),
			"PutItem":       serve(s, s.putItem),
			"GetItem":       serve(s, s.getItem),
			"UpdateItem":    serve(s, s.updateItem),
			"Query":         serve(s, s.query),
			"Scan":          serve(s, s.scan),
			"BatchGetItem":  serve(s, s.batchGetItem),
		},
	}
	return s
}

// serve makes an operation of a function, which is called with the lock held.
func serve[In, Out any](s *Service, f func(*In) (*Out, error)) wire.Operation {
	return wire.Typed(func(_ context.Context, in *strict[In]) (*Out, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(&in.request)
	})
}

// strict reads a request. A parameter that it has no place for is refused, so
// that nobody takes the answer for AWS's.
type strict[In any] struct{ request In }

// UnmarshalJSON reads the request.
func (s *strict[In]) UnmarshalJSON(b []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&s.request)
	if err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return unsupported("The parameter " + strings.Trim(name, `"`))
		}
	}
	return err
}

// find is the table of that name or ARN. The caller holds the lock.
func (s *Service) find(name string) (*table, error) {
	t, ok := s.tables[name[strings.LastIndexByte(name, '/')+1:]]
	if !ok {
		return nil, failed("ResourceNotFoundException", "Requested resource not found")
	}
	return t, nil
}

// invalid is the error of a request that can never be served.
func invalid(format string, args ...any) *wire.Error {
	return &wire.Error{Type: "com.amazon.coral.validate#ValidationException", Message: fmt.Sprintf(format, args...)}
}

// wrong is what DynamoDB puts before most complaints about values.
const wrong = "One or more parameter values were invalid: "

// invalidValue is invalid with the sentence that DynamoDB puts before most
// complaints about values.
func invalidValue(format string, args ...any) *wire.Error {
	return invalid(wrong+format, args...)
}

// need refuses a request that can never be served, unless ok.
func need(ok bool, format string, args ...any) {
	if !ok {
		wire.Check(invalid(format, args...))
	}
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
