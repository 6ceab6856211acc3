// Package dynamodb is a DynamoDB in this process: tables, items, expressions,
// queries and scans over AWS JSON 1.0, with AWS's own error messages.
//
// It has what the order system and its operators use. Operations and parameters
// that it does not have are refused by name: transactions, streams, PartiQL,
// deletes and batch writes, secondary indexes, parallel scans, the values that an
// update changed, and the parameters from before expressions. Expressions name
// whole attributes, not what lies in a list or map, and have no ADD and DELETE.
package dynamodb

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service serves one account's tables. It is safe for concurrent use.
type Service struct {
	id   *identity.Identity
	json wire.JSONService

	mu     sync.Mutex
	tables map[string]*table
}

// New makes a service without tables.
func New(id *identity.Identity) *Service {
	const (
		expressions = " ExpressionAttributeNames ExpressionAttributeValues ReturnConsumedCapacity TableName "
		reads       = expressions + "ProjectionExpression ConsistentRead "
		writes      = expressions + "ConditionExpression ReturnValues ReturnValuesOnConditionCheckFailure "
		pages       = reads + "FilterExpression ExclusiveStartKey Limit Select "
	)
	s := &Service{id: id, tables: map[string]*table{}}
	s.json = wire.JSONService{
		Version: "1.0",
		CRC32:   true,
		NewID:   id.PassingID,
		Operations: map[string]wire.Operation{
			"CreateTable":   serve(s, "TableName AttributeDefinitions KeySchema BillingMode ProvisionedThroughput", s.createTable),
			"DeleteTable":   serve(s, "TableName", s.deleteTable),
			"DescribeTable": serve(s, "TableName", s.describeTable),
			"ListTables":    serve(s, "", s.listTables),
			"PutItem":       serve(s, writes+"Item", s.onItems((*call).putItem)),
			"GetItem":       serve(s, reads+"Key", s.onItems((*call).getItem)),
			"UpdateItem":    serve(s, writes+"Key UpdateExpression", s.onItems((*call).updateItem)),
			"Query":         serve(s, pages+"KeyConditionExpression ScanIndexForward", s.onItems((*call).query)),
			"Scan":          serve(s, pages, s.onItems((*call).scan)),
			"BatchGetItem":  serve(s, "RequestItems ReturnConsumedCapacity", s.batchGetItem),
		},
	}
	return s
}

// serve makes an operation of a function, which is called with the lock held. A
// request with a parameter that is none of those members is refused, so that
// nobody takes the answer for AWS's.
func serve[In, Out any](s *Service, members string, f func(*In) (*Out, error)) wire.Operation {
	answer := wire.Typed(func(_ context.Context, in *In) (*Out, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return f(in)
	})
	known := strings.Fields(members)
	return func(ctx context.Context, body []byte) (any, error) {
		var given map[string]json.RawMessage
		if json.Unmarshal(body, &given) == nil { // else answer tells what is wrong
			for _, name := range slices.Sorted(maps.Keys(given)) {
				if !slices.Contains(known, name) && string(given[name]) != "null" {
					return nil, unsupported("The parameter " + name)
				}
			}
		}
		return answer(ctx, body)
	}
}

// ServeHTTP answers one request; the operation is named by X-Amz-Target
// ("DynamoDB_20120810.PutItem").
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.json.ServeHTTP(w, r) }

// find is the table of that name or ARN. The detail ends the error. The caller
// holds the lock.
func (s *Service) find(name, detail string) (*table, error) {
	if name == "" {
		return nil, missing("tableName")
	}
	t, ok := s.tables[name[strings.LastIndexByte(name, '/')+1:]]
	if !ok {
		return nil, failed("ResourceNotFoundException", "Requested resource not found"+detail)
	}
	return t, nil
}
