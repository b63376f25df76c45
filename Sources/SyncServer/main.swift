print("ward-server")
