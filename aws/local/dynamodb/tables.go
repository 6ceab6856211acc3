package dynamodb

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"time"
)

type tableRequest struct {
	TableName              string
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keySchema
	BillingMode            string
	ProvisionedThroughput  *throughput
	GlobalSecondaryIndexes []indexRequest
	LocalSecondaryIndexes  []indexRequest
	StreamSpecification    *struct{ StreamEnabled bool }
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keySchema struct{ AttributeName, KeyType string }

type throughput struct{ ReadCapacityUnits, WriteCapacityUnits int64 }

type projection struct {
	ProjectionType   string
	NonKeyAttributes []string `json:",omitempty"`
}

type indexRequest struct {
	IndexName  string
	KeySchema  []keySchema
	Projection projection
}

type nameRequest struct{ TableName string }

func (s *Service) createTable(_ context.Context, in *tableRequest) (*struct{ TableDescription description }, error) {
	t, err := in.table()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	added, err := s.addTable(t)
	if err != nil {
		return nil, err
	}
	d := added.describe()
	d.TableStatus = "CREATING"
	for i := range d.GlobalSecondaryIndexes {
		d.GlobalSecondaryIndexes[i].IndexStatus = "CREATING"
	}
	return &struct{ TableDescription description }{d}, nil
}

func (s *Service) deleteTable(_ context.Context, in *nameRequest) (*struct{ TableDescription deleted }, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	delete(s.tables, t.Name)
	return &struct{ TableDescription deleted }{deleted{
		TableName: t.Name, TableArn: t.arn, TableId: t.id, TableStatus: "DELETING",
		ItemCount: len(t.primary.entries), TableSizeBytes: t.bytes,
		ProvisionedThroughput: describedThroughput{throughput: throughput{t.ReadCapacity, t.WriteCapacity}},
	}}, nil
}

func (s *Service) describeTable(_ context.Context, in *nameRequest) (*struct{ Table description }, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	return &struct{ Table description }{t.describe()}, nil
}

// named is find with the longer message of the operations on whole tables.
func (s *Service) named(name string) (*table, error) {
	if t, err := s.find(name); err == nil {
		return t, nil
	}
	return nil, notFound("Requested resource not found: Table: " + name + " not found")
}

type listRequest struct {
	ExclusiveStartTableName string
	Limit                   *int
}

type listAnswer struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

func (s *Service) listTables(_ context.Context, in *listRequest) (*listAnswer, error) {
	limit := 100
	if in.Limit != nil {
		limit = *in.Limit
	}
	if limit < 1 {
		return nil, tooLow("limit", limit, 1)
	}
	if limit > 100 {
		return nil, tooHigh("limit", limit, 100)
	}
	s.mu.Lock()
	names := slices.Sorted(maps.Keys(s.tables))
	s.mu.Unlock()
	if start := in.ExclusiveStartTableName; start != "" {
		at, found := slices.BinarySearch(names, start)
		if found {
			at++
		}
		names = names[at:]
	}
	out := &listAnswer{TableNames: append([]string{}, names...)}
	if len(names) > limit {
		out.TableNames = names[:limit]
		out.LastEvaluatedTableName = names[limit-1]
	}
	return out, nil
}

// addTable checks a table's description and adds it. The caller holds the lock.
func (s *Service) addTable(t Table) (*table, error) {
	name := regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)
	if !name.MatchString(t.Name) {
		return nil, invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .")
	}
	if s.tables[t.Name] != nil {
		return nil, inUse("Table already exists: " + t.Name)
	}
	primary, err := newIndex(Index{PartitionKey: t.PartitionKey, SortKey: t.SortKey})
	if err != nil {
		return nil, err
	}
	added := &table{
		Table: t, primary: *primary, created: time.Now(),
		arn: s.id.ARN("dynamodb", "table/"+t.Name), id: s.id.UUID(),
	}
	for _, x := range t.Indexes {
		if !name.MatchString(x.Name) {
			return nil, invalid("IndexName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .")
		}
		secondary, err := newIndex(x)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(added.indexes, func(other *index) bool { return other.Name == x.Name }) {
			return nil, invalidValue("Duplicate index name: %s", x.Name)
		}
		for _, key := range added.primary.order {
			if !slices.Contains(secondary.keyNames(), key.Name) {
				secondary.order = append(secondary.order, key)
			}
		}
		added.indexes = append(added.indexes, secondary)
	}
	s.tables[t.Name] = added
	return added, nil
}

func newIndex(x Index) (*index, error) {
	if x.PartitionKey.Name == "" {
		return nil, invalid("No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key")
	}
	if x.PartitionKey.Name == x.SortKey.Name {
		return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	}
	made := &index{Index: x}
	for _, key := range []*Key{&made.PartitionKey, &made.SortKey} {
		if key.Type == "" {
			key.Type = "S"
		}
		if key.Type != "S" && key.Type != "N" && key.Type != "B" {
			return nil, oneOf("attributeDefinitions.1.member.attributeType", key.Type, "B", "N", "S")
		}
		if key.Name != "" {
			made.order = append(made.order, *key)
		}
	}
	switch made.Projection {
	case "", "ALL", "KEYS_ONLY", "INCLUDE":
	default:
		return nil, invalidValue("Unknown ProjectionType: %s", made.Projection)
	}
	return made, nil
}
