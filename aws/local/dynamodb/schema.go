package dynamodb

// Key is one key attribute.
type Key struct {
	// Name is the attribute's name; "" means that there is no such key.
	Name string
	// Type is S, N or B; "" means S.
	Type string
}

// Table describes a table to create.
type Table struct {
	Name         string
	PartitionKey Key
	// SortKey without a name means that the partition key alone is the key.
	SortKey Key
	// Indexes are the global secondary indexes.
	Indexes []Index
	// ReadCapacity and WriteCapacity are units per second. Zero for both means
	// on-demand (PAY_PER_REQUEST). They are shown, never enforced.
	ReadCapacity, WriteCapacity int64
}

// Index is a global secondary index.
type Index struct {
	Name         string
	PartitionKey Key
	SortKey      Key
	// Projection is ALL, KEYS_ONLY or INCLUDE; "" means ALL.
	Projection string
	// Include names the further attributes of an INCLUDE projection.
	Include []string
}
