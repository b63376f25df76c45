// The words of the domain, which this program shares with the ward's server, stand in every file of it.

@_exported import WardWords
