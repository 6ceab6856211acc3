// Package dynamodb is a DynamoDB in this process: tables, items, expressions,
// queries and scans over AWS JSON 1.0, with AWS's own error messages.
//
// It has what the order system and its operators use. Transactions, streams,
// PartiQL, local secondary indexes and the parameters from before expressions
// are refused with a clear error.
package dynamodb

import (
	"net/http"
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
	s := &Service{id: id, tables: map[string]*table{}}
	s.json = wire.JSONService{
		Version: "1.0",
		CRC32:   true,
		NewID:   id.PassingID,
		Operations: map[string]wire.Operation{
			"CreateTable":    wire.Typed(s.createTable),
			"DeleteTable":    wire.Typed(s.deleteTable),
			"DescribeTable":  wire.Typed(s.describeTable),
			"ListTables":     wire.Typed(s.listTables),
			"PutItem":        wire.Typed(s.putItem),
			"GetItem":        wire.Typed(s.getItem),
			"UpdateItem":     wire.Typed(s.updateItem),
			"DeleteItem":     wire.Typed(s.deleteItem),
			"Query":          wire.Typed(s.query),
			"Scan":           wire.Typed(s.scan),
			"BatchGetItem":   wire.Typed(s.batchGetItem),
			"BatchWriteItem": wire.Typed(s.batchWriteItem),
		},
	}
	return s
}

// ServeHTTP answers one request; the operation is named by X-Amz-Target
// ("DynamoDB_20120810.PutItem").
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.json.ServeHTTP(w, r) }

// CreateTable adds a table that can be used at once. It is how a template's
// deployment makes its tables.
func (s *Service) CreateTable(t Table) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.addTable(t)
	return err
}

// find is the table of that name or ARN. The caller holds the lock.
func (s *Service) find(name string) (*table, error) {
	if name == "" {
		return nil, missing("tableName")
	}
	t, ok := s.tables[name[strings.LastIndexByte(name, '/')+1:]]
	if !ok {
		return nil, notFound("Requested resource not found")
	}
	return t, nil
}
